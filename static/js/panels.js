// Keeps a choice and the text that belongs to it together: who writes a number has chosen to say
// it, and what belongs to another choice is not sent along (it stays on the page).
function radioOf(panel) {
  return document.getElementById(panel.dataset.panel);
}

// Also where that was written before this script was here.
for (const field of document.querySelectorAll("[data-panel] textarea, [data-panel] input")) {
  if (field.value && field.value !== field.defaultValue) radioOf(field.closest("[data-panel]")).checked = true;
}

document.addEventListener("input", (event) => {
  const panel = event.target.closest?.("[data-panel]");
  if (panel && event.target.value) radioOf(panel).checked = true;
});

function leaveOut(data, root) {
  for (const panel of root.querySelectorAll("[data-panel]")) {
    if (radioOf(panel).checked) continue;
    for (const field of panel.querySelectorAll("textarea, input")) data.delete(field.name);
  }
}

// A form that is sent as a whole.
document.addEventListener("formdata", (event) => leaveOut(event.formData, event.target));
// A question that is saved by itself.
document.addEventListener("htmx:configRequest", (event) => leaveOut(event.detail.formData, event.target.form ?? event.target.closest("form") ?? document));
