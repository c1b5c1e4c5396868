// What the pages do without, made a little better: times in the reader's own zone, prices of the chosen option,
// forms of the chosen country, quantities without a button, and an order's page that changes by itself.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

function localTimes(root) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  for (const time of all("time[datetime]", root)) time.textContent = format.format(new Date(time.dateTime));
}

/** Asks for a page again and puts the parts that `selector` finds in place of their namesakes. */
async function swap(selector, address, options) {
  const answer = await fetch(address, { credentials: "same-origin", ...options });
  if (!(answer.headers.get("content-type") || "").startsWith("text/html")) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement?.id;
  for (const old of all(selector)) {
    const fresh = old.id && page.getElementById(old.id);
    if (!fresh || fresh.isEqualNode(old)) continue;
    old.replaceWith(fresh);
    prepare(fresh);
  }
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus();
}

function followOrder(root) {
  let poll;
  const refresh = () => swap("[data-live]", location.href);
  const stream = new EventSource(root.dataset.events);
  stream.addEventListener("order", refresh);
  stream.addEventListener("open", refresh);
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED && !poll) poll = setInterval(refresh, 15000);
  });
  addEventListener("pageshow", (event) => event.persisted && refresh());
}

function showVariant(form) {
  const variants = JSON.parse(form.dataset.variants);
  const names = all("[name^='option-']", form).map((control) => control.name);
  const chosen = [...new Set(names)].map((name) => new FormData(form).get(name));
  const variant = variants.find((each) => each.options.every((value, index) => value === chosen[index]));
  const state = document.getElementById("availability");
  const badge = (words, tone) => {
    const span = document.createElement("span");
    span.className = `badge ${tone}`;
    span.textContent = words;
    state.replaceChildren(span);
  };
  if (!variant) badge("Not made in this combination", "");
  else if (variant.left === 0) badge("Sold out", "");
  else if (variant.backorder) badge(variant.backorder, "warn");
  else if (variant.left !== null && variant.left <= 5) badge(`Only ${variant.left} left`, "warn");
  else badge("In stock", "ok");
  for (const button of all("[type=submit]", form)) button.disabled = !variant || variant.left === 0;
  if (!variant) return;
  const price = document.createElement("span");
  price.className = variant.was ? "now reduced" : "now";
  price.textContent = variant.price;
  const was = document.createElement("s");
  was.textContent = variant.was;
  document.querySelector("#price .price").replaceChildren(price, ...(variant.was ? [" ", was] : []));
}

const asking = {};

function prepare(root) {
  localTimes(root);
  for (const control of all("[data-swap-on-change]", root)) {
    control.addEventListener("change", () => {
      const body = new URLSearchParams(new FormData(control.form));
      body.set("action", control.dataset.action);
      // Of several answers for one part of the page the last question's counts.
      const part = control.dataset.swapOnChange;
      asking[part]?.abort();
      asking[part] = new AbortController();
      swap(`#${part}`, control.form.getAttribute("action"), {
        method: "POST", body, signal: asking[part].signal,
      }).catch((error) => { if (error.name !== "AbortError") throw error; });
    });
  }
  for (const form of all("[data-submit-on-change]", root)) form.addEventListener("change", () => form.requestSubmit());
}

prepare(document);
const buy = document.querySelector("#buy");
if (buy && JSON.parse(buy.dataset.variants).length) buy.addEventListener("change", () => showVariant(buy));
const live = document.querySelector("[data-events]");
if (live) followOrder(live);
