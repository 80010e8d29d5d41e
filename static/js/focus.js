// Leads the eye and the screen reader to what went wrong, once, when the page opens; whoever has
// begun to go about the page before this script is here is left where they are.
if (document.activeElement === document.body) document.querySelector("[data-focus]")?.focus();
