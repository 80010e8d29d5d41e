// Whoever leaves a form in which something is written that was not sent is asked first. Answers have
// no need of it: they save themselves (autosave.js).
const isChosen = (option, place, all) =>
  all.some((one) => one.defaultSelected) ? option.defaultSelected : place === 0;

function isChanged(field) {
  if (field.matches("button, fieldset, output, [type=hidden]")) return false;
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (field.matches("select")) {
    return [...field.options].some((one, place, all) => one.selected !== isChosen(one, place, all));
  }
  return field.value !== field.defaultValue;
}

let isSent = false;
document.addEventListener("submit", () => { isSent = true; });
window.addEventListener("pageshow", () => { isSent = false; });

window.addEventListener("beforeunload", (event) => {
  const forms = [...document.querySelectorAll("form[data-unsent]")];
  // What was refused stands there as it was sent.
  const isOpen = forms.length && document.querySelector(".error-summary")
    || forms.some((form) => [...form.elements].some(isChanged));
  if (isOpen && !isSent) event.preventDefault();
});
