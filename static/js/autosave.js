// Saves each change of an answer at once, says so, and keeps what was typed where that fails.
// The server stays the source of truth: it answers with the status that is shown.
const AFTER_TYPING = 1200;
const AGAIN = 8000;
const timers = new WeakMap();
const unsaved = new Set();

function save(answer, wait = 0) {
  unsaved.add(answer);
  clearTimeout(timers.get(answer));
  const send = () => held ? held.push(() => save(answer)) : window.htmx.trigger(answer, "save");
  timers.set(answer, setTimeout(send, wait));
}

// Nothing moves under the pointer: between press and click no answer is sent, and none that comes
// back is shown. What grew above a button would else take the click from it.
const PRESSED = "a, button, label, summary, [type=checkbox], [type=radio]";
let held = null;

function letGo() {
  const waiting = held ?? [];
  held = null;
  waiting.forEach((act) => act());
}

document.addEventListener("pointerdown", (event) => {
  if (event.isPrimary && event.button === 0 && event.target.closest?.(PRESSED)) held ??= [];
});
document.addEventListener("click", letGo, { capture: true });
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => setTimeout(letGo), { capture: true });
}

function say(answer, title, text) {
  const strong = document.createElement("b");
  strong.className = "unsaved";
  strong.textContent = title;
  const line = document.createElement("p");
  line.append(strong, ` ${text}`);
  answer.querySelector("[role=status]").replaceChildren(line);
}

const answerOf = (event) => event.target.closest?.("[data-autosave]");

document.addEventListener("input", (event) => {
  const answer = answerOf(event);
  if (answer && event.target.matches("textarea, [type=text]")) save(answer, AFTER_TYPING);
});

document.addEventListener("change", (event) => {
  const answer = answerOf(event);
  if (answer) save(answer);
});

// On a slow line somebody has begun before this script is here: that is saved too. The forms let no
// browser fill in what stood there at an earlier visit, so what differs was changed on this page.
const isChanged = (field) => field.matches("[type=checkbox], [type=radio]")
  ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;

document.addEventListener("DOMContentLoaded", () => {
  for (const answer of document.querySelectorAll("[data-autosave]")) {
    if ([...answer.querySelectorAll("input, textarea")].some(isChanged)) save(answer, AFTER_TYPING);
  }
});

// A log-in in another window gives this page another token.
document.addEventListener("htmx:configRequest", (event) => {
  const [, token] = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) ?? [];
  if (!token) return;
  event.detail.formData.set("csrfmiddlewaretoken", token);
  for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = token;
});

// An error or a conflict is shown where a success would be; a log-in page is not.
document.addEventListener("htmx:beforeSwap", (event) => {
  const answer = answerOf(event) ?? event.detail.requestConfig?.elt;
  if (!answer?.matches?.("[data-autosave]")) return;
  const isOurs = event.detail.xhr.getResponseHeader("Answer-Saved") !== null;
  const { target, xhr } = event.detail;
  event.detail.shouldSwap = isOurs && !held;
  event.detail.isError = false;
  if (!isOurs) failed(answer, xhr);
  else if (xhr.status === 200) unsaved.delete(answer);
  if (isOurs && held) {
    const how = { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 20 };
    const about = { contextElement: answer, eventInfo: { target } };
    held.push(() => window.htmx.swap(target, xhr.response, how, about));
  }
});

function failed(answer, xhr) {
  if (xhr.status === 200 || xhr.status === 403) {
    say(answer, "Not saved.", "You are logged out, or may not change this any more. What you wrote is still here: log in in another window, and it is saved.");
  } else if (xhr.status === 404 || xhr.status === 410) {
    say(answer, "Not saved.", "This question is not asked any more. What you wrote is still here: copy it before you leave.");
    return;
  } else {
    say(answer, "Not saved.", "Something went wrong here. What you wrote is still on this page, and is tried again.");
  }
  save(answer, AGAIN);
}

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const answer = answerOf(event);
    if (!answer) return;
    say(answer, "Not saved:", "no connection. What you wrote is still on this page, and is tried again.");
    save(answer, AGAIN);
  });
}

window.addEventListener("online", () => unsaved.forEach((answer) => save(answer)));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") unsaved.forEach((answer) => save(answer));
});

// What the server says of each field is told to screen readers at the field itself. What the page
// said above all of them when it came is over once there is something newer to say.
document.addEventListener("htmx:afterSettle", (event) => {
  const answer = answerOf(event);
  if (answer) {
    for (const link of document.querySelectorAll(".error-summary a[href^='#']")) {
      if (answer.querySelector(link.hash)) link.closest("li").remove();
    }
    const summary = document.querySelector(".error-summary");
    if (summary && !summary.querySelector("li")) summary.remove();
  }
  for (const slot of answer?.querySelectorAll("[data-errors-of]") ?? []) {
    for (const field of document.getElementsByName(slot.dataset.errorsOf)) {
      field.toggleAttribute("aria-invalid", slot.childElementCount > 0);
      if (field.hasAttribute("aria-invalid")) field.setAttribute("aria-invalid", "true");
    }
  }
});

// Who sends the form while a change is under way sends it once that has come back.
let isLeaving = false;
document.addEventListener("submit", (event) => {
  const form = event.target;
  const busy = form.querySelector("[data-autosave].htmx-request");
  if (busy) {
    event.preventDefault();
    busy.addEventListener("htmx:afterRequest", () => form.requestSubmit(event.submitter), { once: true });
    return;
  }
  unsaved.forEach((answer) => clearTimeout(timers.get(answer)));
  isLeaving = true;
});

document.addEventListener("click", (event) => {
  if (event.target.closest(".conflict a")) isLeaving = true;
});

window.addEventListener("beforeunload", (event) => {
  if (unsaved.size && !isLeaving) event.preventDefault();
});
