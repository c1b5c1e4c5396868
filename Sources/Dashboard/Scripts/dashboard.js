// What the dashboard does beyond its pages: says whether they are live, keeps what is typed, and shows moments in the
// reader's own time. Without it every page works all the same.

const live = document.querySelector("#live");
const stale = document.querySelector("#stale");
const badge = document.querySelector("#live-state");
let alarm;

function show(state) {
  clearTimeout(alarm);
  if (badge) {
    badge.hidden = false;
    badge.dataset.state = state;
    badge.textContent = state === "on" ? "Live" : "Connecting";
  }
  if (state === "on") stale.hidden = true;
  // A short interruption, such as a restart, is nobody's business: what was missed comes with the next connection.
  else alarm = setTimeout(() => { if (!document.hidden) stale.hidden = false; }, 4000);
}

if (live) {
  live.addEventListener("htmx:after:sse:connection", () => show("on"));
  live.addEventListener("htmx:before:sse:connection", (event) => {
    if (event.detail.connection.attempt > 0) show("stale");
  });
  live.addEventListener("htmx:sse:error", () => show("stale"));
  live.addEventListener("htmx:sse:close", () => show("stale"));
  live.addEventListener("htmx:error", () => show("stale"));
  addEventListener("offline", () => show("stale"));
}

// Somebody who is signed out gets the page to sign in, whatever was asked for: then the whole page goes there.
document.addEventListener("htmx:before:response", (event) => {
  if (!event.detail.ctx.response.raw.redirected) return;
  event.preventDefault();
  location.reload();
});

// A form in which something was typed is not replaced.
document.addEventListener("input", (event) => {
  event.target.closest("form[method=post]")?.setAttribute("hx-morph-skip", "");
});

const moments = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
function localise() {
  for (const element of document.querySelectorAll("time[datetime]")) {
    const moment = new Date(element.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    const text = moments.format(moment);
    if (element.textContent !== text) {
      element.title = element.textContent;
      element.textContent = text;
    }
  }
}
localise();
document.addEventListener("htmx:after:swap", localise);
