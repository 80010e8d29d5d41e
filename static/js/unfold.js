// Opens what is folded around the place that the address names, for browsers that do not.
function unfold() {
  const place = document.getElementById(location.hash.slice(1));
  let folded = place?.closest("details:not([open])");
  if (!folded) return;
  for (; folded; folded = folded.parentElement.closest("details:not([open])")) folded.open = true;
  place.scrollIntoView();
}

addEventListener("hashchange", unfold);
unfold();
