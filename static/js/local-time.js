// Shows moments in the reader's own time zone; without scripts they stand there in UTC.
const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const day = { day: "numeric", month: "long" };

function localise(root) {
  for (const element of root.querySelectorAll("time[data-time], time[data-moment]")) {
    const moment = new Date(element.dateTime);
    if (Number.isNaN(moment.valueOf())) continue;
    const hour = moment.toLocaleTimeString(document.documentElement.lang, time);
    const isToday = moment.toDateString() === new Date().toDateString();
    const isShort = "time" in element.dataset || isToday;
    element.textContent = isShort ? hour : `${moment.toLocaleDateString(document.documentElement.lang, day)}, ${hour}`;
    if (isShort && "moment" in element.dataset) at(element);
  }
}

// "on 3 May" becomes "at 14:02".
function at(element) {
  const before = element.previousSibling;
  if (before?.nodeType === Node.TEXT_NODE) before.data = before.data.replace(/\bon\s*$/, "at ");
}

localise(document);
document.addEventListener("htmx:afterSettle", (event) => localise(event.target));
