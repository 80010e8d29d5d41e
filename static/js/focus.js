// Leads the eye and the screen reader to what went wrong, once, when the page opens.
document.querySelector("[data-focus]")?.focus();
