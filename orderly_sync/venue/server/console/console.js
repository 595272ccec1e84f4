// The console of a paper venue. What the venue says becomes text, never markup; the token goes into a header, nowhere else.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const KEY = "orderly-paper-venue-token";
  const SHOWN = 600, SAMPLES = 240, PAUSE = 150, ROWS = 40;
  const REPORTS = new Set(["executionreport", "algoexecutionreportv2"]);
  const SVG = "http://www.w3.org/2000/svg";

  const state = {
    token: "", symbol: "", version: 0, markets: new Map(), samples: new Map(), book: null, trades: [], tradeCount: 0,
    accounts: new Map(), announcements: 0, faults: "", tab: "", range: 3, centre: 0, held: false, handle: 0,
    wanted: null, sending: false, abort: null, clock: null, kind: "",
  };

  // Making elements: text is set as text.
  function make(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "class") made.className = value;
      else if (value === true) made.setAttribute(key, "");
      else if (value !== false && value !== null) made.setAttribute(key, value);
    }
    made.append(...children.map((child) => (child === null || child === undefined ? "" : child)));
    return made;
  }
  function draw(name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }
  const short = (symbol) => symbol.replace(/^PERP_/, "").replace(/_USDC$/, "");
  const time = (ms) => new Date(ms).toISOString().slice(11, 23);
  const fixed = (value, digits) => Number(value).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

  // Speaking to the venue.
  async function call(method, path, body, signal) {
    const answer = await fetch(path, {
      method, signal, cache: "no-store", credentials: "omit", redirect: "error", referrerPolicy: "no-referrer",
      headers: { "x-venue-token": state.token, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const told = await answer.json();
    if (answer.status === 401) throw Object.assign(new Error("The venue does not know this token."), { unknown: true });
    if (!told.success) throw new Error(told.message || `status ${answer.status}`);
    return told.data;
  }
  function say(text, bad = false) {
    const notice = $("notice");
    notice.textContent = text;
    notice.classList.toggle("bad", bad);
    notice.hidden = !text;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => { notice.hidden = true; }, 7000);
  }
  async function act(path, body, done) {
    try {
      const told = await call("POST", path, body);
      if (done) say(typeof done === "function" ? done(told) : done);
      return true;
    } catch (error) {
      say(error.message, true);
      return false;
    }
  }
  function link(status, text) {
    $("link").dataset.state = status;
    if ($("link").textContent !== text) $("link").textContent = text;
  }

  // The token: from the fragment, from this tab's storage, or typed. With a fragment the page is loaded anew without it,
  // in the same place of the tab's history, for the tab would go on remembering what was typed.
  function enter() {
    const given = new URLSearchParams(location.hash.slice(1)).get("token");
    if (given) sessionStorage.setItem(KEY, given);
    if (location.hash) {
      history.replaceState(null, "", location.pathname);
      location.replace(location.pathname);
      return;
    }
    state.token = sessionStorage.getItem(KEY) || "";
    if (state.token) open(); else ask("");
  }
  function ask(why) {
    sessionStorage.removeItem(KEY);
    state.token = "";
    $("door").hidden = false;
    $("console").hidden = true;
    $("login-error").textContent = why;
    link("off", "not connected");
    $("token").focus();
  }
  function open() {
    $("door").hidden = true;
    $("console").hidden = false;
    watch();
  }
  $("login").addEventListener("submit", (event) => {
    event.preventDefault();
    state.token = $("token").value.trim();
    $("token").value = "";
    if (!/^[\x21-\x7e]+$/.test(state.token)) return ask("A token has letters and digits only.");
    sessionStorage.setItem(KEY, state.token);
    return state.symbol ? location.reload() : open(); // what is shown may be another venue's
  });
  addEventListener("hashchange", () => { if (location.hash.startsWith("#token=")) enter(); });

  // Hearing from the venue: one request waits at it until something happens; each says how far this page knows it.
  async function watch() {
    const running = (watch.running = {});
    while (watch.running === running && state.token) {
      state.abort = new AbortController();
      const asked = state.symbol;
      let told;
      try {
        const accounts = Object.fromEntries([...state.accounts].map(([id, one]) => [id, one.reached]));
        told = await call("POST", "/venue/console", {
          version: state.version, symbol: asked || null, trades: state.tradeCount, accounts, announcements: state.announcements,
        }, state.abort.signal);
      } catch (error) {
        if (error.name === "AbortError") continue;
        if (error.unknown) { ask(error.message); return; }
        link("lost", "no answer; trying again");
        state.version = 0;
        await new Promise((wake) => { setTimeout(wake, 1000); });
        continue;
      }
      if (state.symbol !== asked) continue;
      sessionStorage.setItem(KEY, state.token);
      link("on", "live");
      take(told);
      if (told.accounts.some((one) => one.reached < one.last)) continue;
      await new Promise((wake) => { setTimeout(wake, PAUSE); });
    }
  }
  function take(told) {
    const first = !state.accounts.size && !state.symbol;
    state.version = told.version;
    state.symbol = told.symbol;
    state.clock = { now: told.now, at: performance.now(), runs: told.market !== "frozen" };
    for (const market of told.markets) state.markets.set(market.symbol, market);
    if (first) fillSymbols(told);
    if (state.symbol !== told.symbol) return;
    sample(told.markets);
    showFigures(told);
    showBook(told.book);
    if (told.trade_count !== state.tradeCount || first) showTrades(told);
    addEvents(told.accounts.flatMap(takeAccount));
    if (told.accounts.length || first) { showTabs(); showAccounts(); }
    showFaults(told);
    showAnnouncements(told.announcements);
    showChart();
  }
  function fillSymbols({ markets, accounts }) {
    const traded = accounts.flatMap((one) => [...one.positions, ...one.orders, ...one.algos.flat()]).map(({ symbol }) => symbol);
    if (traded.length && !traded.includes(state.symbol)) Object.assign(state, { symbol: traded[0], version: 0 });
    $("symbol").replaceChildren(...markets.map(({ symbol }) => make("option", { value: symbol }, short(symbol))));
    $("symbol").value = state.symbol;
  }
  $("symbol").addEventListener("change", () => {
    Object.assign(state, { symbol: $("symbol").value, version: 0, tradeCount: 0, trades: [], centre: 0 });
    $("trades").replaceChildren();
    showAccounts();
    state.abort.abort();
  });

  function showFigures({ market, maintenance, health }) {
    const { mark, index, last } = state.markets.get(state.symbol);
    $("mark").textContent = mark;
    $("index").textContent = index;
    $("last").textContent = last === null ? "-" : last;
    if (document.activeElement !== $("mark-input")) $("mark-input").value = mark;
    const stale = health.source && health.source.stale.length ? ", silent" : "";
    $("kind").textContent = (health.source ? `follow ${health.source.name}${stale}` : market) + (maintenance ? ", maintenance" : "");
    $("maintenance").setAttribute("aria-pressed", String(Boolean(maintenance)));
    document.title = `${mark} ${short(state.symbol)} - paper venue`;
  }
  setInterval(() => {
    const clock = state.clock;
    if (!clock || document.hidden) return;
    const now = clock.now + (clock.runs ? performance.now() - clock.at : 0);
    $("clock").textContent = new Date(now).toISOString().slice(0, 19).replace("T", " ");
  }, 250);

  // Book and trades.
  function showBook(book) {
    const text = JSON.stringify(book);
    if (text === showBook.shown) return;
    showBook.shown = text;
    const most = Math.max(sum(book.asks), sum(book.bids)) || 1;
    $("asks").replaceChildren(...levels(book.asks, most, "down").reverse());
    $("bids").replaceChildren(...levels(book.bids, most, "up"));
    const [ask, bid] = [book.asks[0], book.bids[0]];
    const { tick } = state.markets.get(state.symbol);
    const digits = (tick.split(".")[1] || "").length;
    if (showBook.centred !== state.symbol) {
      showBook.centred = state.symbol;
      const [rows, middle] = [$("book-rows"), $("middle")].map((one) => one.getBoundingClientRect());
      $("book-rows").scrollTop += (middle.top + middle.bottom - rows.top - rows.bottom) / 2;
    }
    $("spread").textContent = ask && bid ? `spread ${(ask[0] - bid[0]).toFixed(digits)}` : "no quotes";
  }
  const sum = (side) => side.reduce((all, [, size]) => all + Number(size), 0);
  function levels(side, most, tone) {
    let all = 0;
    return side.map(([price, size]) => {
      all += Number(size);
      const total = make("td", { class: "depth" }, fixed(all, 2));
      total.style.backgroundSize = `${Math.min(100, (100 * all) / most)}% 100%`;
      return make("tr", {}, make("td", { class: tone }, price), make("td", {}, size), total);
    });
  }
  function showTrades({ trades, trade_count: count }) {
    state.tradeCount = count;
    const rows = trades.map((trade) => make("tr", { class: "fresh" },
      make("td", { class: trade.side === "BUY" ? "up" : "down" }, trade.price), make("td", {}, trade.quantity),
      make("td", { class: "quiet" }, time(trade.ts).slice(0, 8))));
    $("trades").prepend(...rows);
    while ($("trades").children.length > ROWS) $("trades").lastChild.remove();
    $("no-trades").hidden = $("trades").children.length > 0;
  }

  // Accounts: positions, orders and algo trees of one of them or of all.
  function takeAccount(told) {
    const known = state.accounts.get(told.account_id);
    const one = { ...told, first: known ? known.first : told.events.length ? told.events[0].seq : told.last + 1 };
    state.accounts.set(told.account_id, one);
    if (!known) $("ledger-account").append(make("option", { value: told.account_id }, `account ${told.number}`));
    one.events = [];
    return told.events.map((line) => ({ ts: line.ts, item: event(told, line, Boolean(known)) }));
  }
  function showTabs() {
    const wanted = ["", ...state.accounts.keys()];
    if (wanted.join() === showTabs.shown) return;
    showTabs.shown = wanted.join();
    $("tabs").replaceChildren(...wanted.map((id) => {
      const label = id ? `Account ${state.accounts.get(id).number}` : "All accounts";
      const tab = make("button", { role: "tab", "aria-selected": String(id === state.tab), tabindex: id === state.tab ? 0 : -1, title: id || null }, label);
      tab.addEventListener("click", () => { select(id); });
      return tab;
    }));
  }
  function select(id) {
    state.tab = id;
    showTabs.shown = null;
    showTabs();
    showAccounts();
    showChart();
  }
  $("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const ids = ["", ...state.accounts.keys()];
    select(ids[(ids.indexOf(state.tab) + step + ids.length) % ids.length]);
    $("tabs").querySelector("[aria-selected=true]").focus();
  });
  const chosen = () => [...state.accounts.values()].filter((one) => !state.tab || one.account_id === state.tab);
  function showAccounts() {
    const rows = $("account-rows");
    const top = rows.scrollTop;
    rows.replaceChildren(...chosen().map(accountBlock));
    rows.scrollTop = top;
  }
  function accountBlock(one) {
    const figure = (name, value, tone) => make("span", {}, `${name} `, make("b", { class: tone || "" }, value));
    const pnl = one.positions.reduce((all, each) => all + unrealized(each), 0);
    const parts = [make("div", { class: "sum" }, make("span", { class: "who" }, `Account ${one.number}`),
      figure("holding", `${fixed(one.holding.usdc, 2)} USDC`), figure("unrealized", fixed(pnl, 2), pnl < 0 ? "down" : pnl > 0 ? "up" : ""),
      make("span", { title: one.account_id }, `${one.account_id.slice(0, 10)}...`))];
    const held = one.positions.filter((each) => Number(each.quantity) !== 0);
    if (held.length) parts.push(table("Positions", [["Market", 1], ["Size"], ["Entry"], ["Mark"], ["Liquidation"], ["Unrealized"], ["Margin", 1]], held.map(positionCells)));
    const openFirst = (rows, open) => [...rows.filter(open), ...rows.filter((row) => !open(row))].slice(0, ROWS);
    if (one.algos.length) parts.push(table("Algo orders", [["Node", 1], ["Order", 1], ["Trigger"], ["Price"], ["Size"], ["Filled"], ["Status", 1], ["Client order id", 1], ["Id"]], openFirst(one.algos, (tree) => tree.some((node) => node.open)).flat().map(nodeCells)));
    if (one.orders.length) parts.push(table("Orders", [["Market", 1], ["Order", 1], ["Price"], ["Size"], ["Filled"], ["Status", 1], ["Client order id", 1], ["Id"]], openFirst(one.orders, (order) => order.open).map(orderCells)));
    if (parts.length === 1) parts.push(make("p", { class: "empty" }, "No position, no order yet."));
    return make("div", { class: "account", "data-account": one.account_id }, ...parts);
  }
  const unrealized = (each) => (Number(state.markets.get(each.symbol).mark) - Number(each.entry)) * Number(each.quantity);
  function table(title, heads, rows) {
    const head = make("tr", {}, ...heads.map(([text, word]) => make("th", { class: word ? "word" : "", scope: "col" }, text)));
    return make("div", {}, make("h3", {}, title), make("table", { "aria-label": title }, make("thead", {}, head), make("tbody", {}, ...rows)));
  }
  const tone = (side) => (side === "BUY" ? "up" : "down");
  const cell = (text, kind = "", title = null) => make("td", { class: kind, title }, text === null || text === undefined ? "-" : text);
  function badge(status, triggered) {
    const kind = { NEW: "live", OPEN: "live", PARTIAL_FILLED: "live", REPLACED: "live", FILLED: "good", COMPLETED: "good", REJECTED: "bad" }[status] || "";
    const parts = [make("span", { class: `tag ${kind}` }, status.toLowerCase().replace("_", " "))];
    if (triggered) parts.push(" ", make("span", { class: "tag fired" }, "fired"));
    return make("td", { class: "word" }, ...parts);
  }
  function positionCells(each) {
    const pnl = unrealized(each);
    return make("tr", {}, cell(short(each.symbol), "word"), cell(each.quantity, Number(each.quantity) < 0 ? "down" : "up"), cell(each.entry.replace(/(\.\d{4})\d+$/, "$1"), "", each.entry),
      cell(state.markets.get(each.symbol).mark), cell(Number(each.liquidation) ? each.liquidation : null), cell(fixed(pnl, 2), pnl < 0 ? "down" : "up"),
      cell(`${each.margin_mode.toLowerCase()} ${each.leverage}x`, "word"));
  }
  function orderCells(order) {
    const what = `${order.side.toLowerCase()} ${order.type.toLowerCase().replace("_", " ")}${order.reduce_only ? ", reduce only" : ""}`;
    return make("tr", { class: order.open ? "" : "done", "data-order": order.id }, cell(short(order.symbol), "word"), cell(what, `word ${tone(order.side)}`),
      cell(order.price || (Number(order.average) ? order.average : null)), cell(order.quantity), cell(order.executed), badge(order.status, false), cell(order.client_id, "word id", order.client_id),
      cell(order.id, "quiet"));
  }
  function nodeCells(node) {
    const kind = node.algo_type.toLowerCase().replaceAll("_", " ");
    const what = `${node.side.toLowerCase()} ${(node.type || "").toLowerCase().replace("_", " ")}`;
    const trigger = node.activates_at ? `active at ${node.activates_at}` : node.trigger;
    return make("tr", { class: node.open ? (node.armed ? "waits" : "") : "done", "data-algo": node.id },
      make("td", { class: "word" }, make("span", { class: `depth${Math.min(3, node.depth)}` }, node.depth ? kind : `${short(node.symbol)} ${kind}`)),
      cell(what, `word ${tone(node.side)}`), cell(Number(node.trigger) || node.activates_at ? trigger : null), cell(Number(node.price) ? node.price : null),
      cell(Number(node.quantity) ? node.quantity : null), cell(node.executed), badge(node.status, node.triggered), cell(node.client_id, "word id", node.client_id), cell(node.id, "quiet"));
  }

  // The ledger: events as they are written, newest first; their text is made when somebody opens them.
  function addEvents(events) {
    const items = events.sort((one, other) => one.ts - other.ts).map(({ item }) => item).reverse();
    $("ledger").prepend(...items);
    while ($("ledger").children.length > SHOWN) {
      const { account: id, seq } = $("ledger").lastChild.dataset;
      state.accounts.get(id).first = Number(seq) + 1;
      $("ledger").lastChild.remove();
    }
    filterEvents(items);
    const first = [...state.accounts.values()].some((one) => one.first > 1);
    $("earlier").hidden = !first;
    const all = [...state.accounts.values()].reduce((count, one) => count + one.last, 0);
    $("ledger-count").textContent = `${all} events`;
  }
  function event(account, line, fresh) {
    let data = null;
    try { data = JSON.parse(line.text); } catch { data = null; }
    const span = (kind, text) => make("span", { class: kind }, text);
    const fold = make("details", {}, make("summary", {}, span("num", time(line.ts)), span("", `account ${account.number}`), span("num", `#${line.seq}`),
      span("topic", line.topic), span("what", summary(line.topic, data, line.text))));
    fold.addEventListener("toggle", () => { if (fold.open && fold.children.length < 2) fold.append(make("pre", {}, line.text)); });
    if (fresh && REPORTS.has(line.topic)) announceFired(account, line.topic, data);
    return make("li", { class: fresh ? "fresh" : "", "data-account": account.account_id, "data-topic": line.topic, "data-seq": line.seq }, fold);
  }
  function summary(topic, data, text) {
    try {
      if (topic === "executionreport") return reportSummary(data, data.type);
      if (topic === "algoexecutionreportv2") return treeSummary(data, "");
      if (topic === "position") return data.positions.map((each) => `${short(each.symbol)} ${each.positionQty} at ${each.averageOpenPrice}`).join("; ");
      if (topic === "balance") return Object.entries(data.balances).map(([token, each]) => `${token} ${each.holding}`).join("; ");
    } catch { /* whatever a test pushed: shown as it is */ }
    return text.slice(0, 300);
  }
  function reportSummary(data, kind) {
    const fill = data.executedQuantity ? `, filled ${data.executedQuantity} at ${data.executedPrice}` : "";
    const name = data.clientOrderId ? ` "${data.clientOrderId}"` : "";
    const price = data.price ? ` at ${data.price}` : "";
    return `${data.status} ${short(data.symbol)} ${data.side} ${kind} ${data.quantity}${price}${fill}${name}${data.reason ? ` (${data.reason})` : ""}`;
  }
  function treeSummary(node, before) {
    const trigger = node.triggerPrice ? `, trigger ${node.triggerPrice}${node.isTriggered ? " fired" : ""}` : "";
    const own = `${before}${reportSummary({ ...node, symbol: node.symbol || "" }, node.algoType)}${trigger}`;
    return [own, ...(node.childOrders || []).map((child) => treeSummary(child, ""))].join("  |  ");
  }
  function announceFired(account, topic, data) {
    if (topic !== "algoexecutionreportv2" || !data) return;
    const nodes = [data, ...(Array.isArray(data.childOrders) ? data.childOrders : [])];
    for (const node of nodes.filter((each) => each && each.isTriggered)) {
      const key = `${account.account_id} ${node.algoOrderId}`;
      if (announceFired.told.has(key)) continue;
      announceFired.told.add(key);
      say(`Fired: ${String(node.algoType).toLowerCase().replaceAll("_", " ")} ${node.algoOrderId} of account ${account.number}, trigger ${node.triggerPrice}`);
    }
  }
  announceFired.told = new Set();
  function filterEvents(items) {
    const [account, topic] = [$("ledger-account").value, $("ledger-topic").value];
    for (const item of items) item.hidden = Boolean((account && item.dataset.account !== account) || (topic && !REPORTS.has(item.dataset.topic)));
  }
  for (const id of ["ledger-account", "ledger-topic"]) $(id).addEventListener("change", () => { filterEvents([...$("ledger").children]); });
  $("earlier").addEventListener("click", async () => {
    for (const one of state.accounts.values()) {
      if (one.first <= 1) continue;
      try {
        const told = await call("POST", "/venue/console", { earlier: { account_id: one.account_id, before: one.first } });
        const items = told.events.map((line) => event(one, line, false)).reverse();
        $("ledger").append(...items);
        filterEvents(items);
        one.first = told.first;
      } catch (error) {
        say(error.message, true);
      }
    }
    $("earlier").hidden = ![...state.accounts.values()].some((one) => one.first > 1);
  });

  // The chart: the mark price's way, and the levels at which something would happen.
  function sample(markets) {
    for (const { symbol, mark } of markets) {
      const way = state.samples.get(symbol) || [];
      state.samples.set(symbol, way);
      if (way.length === 0 || symbol === state.symbol) way.push(Number(mark));
      if (way.length > SAMPLES) way.shift();
    }
  }
  function scale() {
    const box = $("plot").getBoundingClientRect();
    const mark = state.held ? state.handle : Number(state.markets.get(state.symbol).mark);
    const half = () => (state.centre * state.range) / 100;
    if (!state.held && (!state.centre || Math.abs(mark - state.centre) > half() * 0.75)) state.centre = mark;
    const [centre, reach] = [state.centre, half()];
    return { width: box.width, height: box.height, mark, reach, centre,
      y: (price) => box.height / 2 - ((price - centre) / reach) * (box.height / 2 - 16),
      price: (y) => centre - ((y - box.height / 2) / (box.height / 2 - 16)) * reach };
  }
  function marked() {
    const found = [];
    for (const one of chosen()) {
      const who = state.tab ? "" : `, account ${one.number}`;
      for (const node of one.algos.flat()) {
        const price = node.activates_at || node.trigger;
        if (!node.open || node.triggered || node.symbol !== state.symbol || !Number(price)) continue;
        const size = Number(node.quantity) ? ` ${node.quantity}` : "";
        found.push({ kind: "trigger", asleep: !node.armed, price: Number(price), text: `${node.algo_type.toLowerCase().replaceAll("_", " ")} ${node.side.toLowerCase()}${size}${node.activates_at ? ", activates" : ""}${who}` });
      }
      for (const order of one.orders) {
        if (order.open && order.symbol === state.symbol && order.price) found.push({ kind: tone(order.side) === "up" ? "buy" : "sell", price: Number(order.price), text: `${order.side.toLowerCase()} ${order.quantity}${who}` });
      }
      for (const each of one.positions) {
        if (each.symbol !== state.symbol || !Number(each.quantity)) continue;
        found.push({ kind: "entry", price: Number(each.entry), text: `entry ${each.quantity}${who}` });
        if (Number(each.liquidation)) found.push({ kind: "liquidation", price: Number(each.liquidation), text: `liquidation${who}` });
      }
    }
    return found;
  }
  function showChart() {
    if (!state.symbol) return;
    const view = scale();
    if (view.height < 40) return;
    const parts = [...gridLines(view), ...levelLines(view)];
    const way = state.samples.get(state.symbol) || [];
    const right = view.width - 110;
    const step = right / (SAMPLES - 1);
    const points = way.map((price, at) => `${(right - (way.length - 1 - at) * step).toFixed(1)},${view.y(price).toFixed(1)}`);
    parts.push(draw("line", { class: "now", x1: right, x2: view.width, y1: view.y(view.mark), y2: view.y(view.mark) }));
    parts.push(draw("polyline", { class: "path", points: points.join(" ") }));
    $("lines").replaceChildren(...parts);
    showHandle(view);
  }
  function showHandle(view) {
    const y = Math.max(14, Math.min(view.height - 14, view.y(view.mark)));
    const handle = $("mark-handle");
    const text = onTick(view.mark);
    handle.style.top = `${y}px`;
    $("mark-tag").textContent = text;
    handle.setAttribute("aria-valuenow", text);
    handle.setAttribute("aria-valuemin", onTick(view.centre - view.reach));
    handle.setAttribute("aria-valuemax", onTick(view.centre + view.reach));
    handle.setAttribute("aria-valuetext", `${text} USDC`);
  }
  function gridLines(view) {
    const rough = (2 * view.reach) / 6;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
    const digits = Math.max(0, -Math.floor(Math.log10(step)));
    const parts = [];
    for (let price = Math.ceil((view.centre - view.reach) / step) * step; price <= view.centre + view.reach; price += step) {
      const y = view.y(price);
      parts.push(draw("line", { class: "grid", x1: 0, x2: view.width, y1: y, y2: y }), draw("text", { class: "scale", x: 8, y: y - 3 }, price.toFixed(digits)));
    }
    return parts;
  }
  function levelLines(view) {
    const room = Math.max(1, Math.floor((view.height - 14) / 15));
    const near = (level) => Math.abs(level.price - view.mark);
    const within = marked().filter(({ price }) => Math.abs(price - view.centre) <= view.reach)
      .sort((one, other) => near(one) - near(other)).slice(0, room).sort((one, other) => other.price - one.price);
    const names = within.map((level) => `${Number(onTick(level.price))}  ${level.text}`);
    const wide = names.map((name) => name.length * 6.1 + 14);
    const from = 70 + Math.max(0, ...wide) + 26;
    const places = spread(within.map(({ price }) => view.y(price)), Math.min(18, (view.height - 14) / within.length), view.height - 10);
    const [lines, plates] = [[], []];
    within.forEach((level, at) => {
      const y = view.y(level.price);
      const kind = `${level.kind}${level.asleep ? " asleep" : ""}`;
      lines.push(draw("path", { class: `lead ${kind}`, d: `M${70 + wide[at]} ${places[at]}L${from} ${y}` }), draw("line", { class: `level ${kind}`, x1: from, x2: view.width, y1: y, y2: y }));
      plates.push(draw("rect", { class: `plate ${kind}`, x: 70, y: places[at] - 7.5, width: wide[at], height: 15, rx: 4 }), draw("text", { class: "name", x: 77, y: places[at] + 3.6 }, names[at]));
    });
    return [...lines, ...plates];
  }
  // Places for names, in order, so far apart and each as near to its own line as that lets it be.
  function spread(wanted, gap, lowest) {
    const groups = [];
    for (const y of wanted) {
      let group = { top: y, count: 1, sum: y };
      for (let above = groups.at(-1); above && above.top + above.count * gap > group.top; above = groups.at(-1)) {
        groups.pop();
        const sum = above.sum + group.sum - group.count * above.count * gap;
        const count = above.count + group.count;
        group = { sum, count, top: sum / count };
      }
      group.top = Math.max(10, Math.min(group.top, lowest - (group.count - 1) * gap));
      groups.push(group);
    }
    return groups.flatMap(({ top, count }) => Array.from({ length: count }, (_, at) => top + at * gap));
  }
  const tickOf = () => state.markets.get(state.symbol).tick;
  function onTick(price) {
    const tick = tickOf();
    const digits = (tick.split(".")[1] || "").length;
    return Math.max(Number(tick), Math.round(price / Number(tick)) * Number(tick)).toFixed(digits);
  }

  // Moving the mark price: one request at a time, and the newest price next, so that a drag passes through triggers.
  async function moveTo(price) {
    state.wanted = price;
    if (state.sending) return;
    state.sending = true;
    try {
      while (state.wanted !== null) {
        const [symbol, next] = [state.symbol, state.wanted];
        state.wanted = null;
        if (!(await act("/venue/mark-price", { symbol, price: next }))) break;
        state.markets.get(symbol).mark = next;
        $("mark-input").value = next;
      }
    } finally {
      state.sending = false;
    }
  }
  const handle = $("mark-handle");
  handle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    handle.setPointerCapture(event.pointerId);
    state.held = true;
    state.handle = Number(state.markets.get(state.symbol).mark);
    handle.classList.add("held");
  });
  handle.addEventListener("pointermove", (event) => {
    if (!state.held) return;
    const view = scale();
    const y = event.clientY - $("plot").getBoundingClientRect().top;
    state.handle = Number(onTick(view.price(Math.max(0, Math.min(view.height, y)))));
    showChart();
    moveTo(onTick(state.handle));
  });
  function release() {
    if (!state.held) return;
    state.held = false;
    handle.classList.remove("held");
    state.markets.get(state.symbol).mark = onTick(state.handle);
    showChart();
  }
  handle.addEventListener("pointerup", release);
  handle.addEventListener("pointercancel", release);
  handle.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: 0.1, ArrowRight: 0.1, ArrowDown: -0.1, ArrowLeft: -0.1, PageUp: 1, PageDown: -1 }[event.key];
    if (steps === undefined) return;
    event.preventDefault();
    const market = state.markets.get(state.symbol);
    const from = Number(market.mark);
    const away = (from * steps * (event.shiftKey ? 10 : 1)) / 100;
    const price = onTick(Math.abs(away) < Number(tickOf()) ? from + Math.sign(away) * Number(tickOf()) : from + away);
    market.mark = price;
    showChart();
    moveTo(price);
  });
  $("mark-input").addEventListener("focus", () => { $("mark-input").select(); });
  $("set-mark").addEventListener("submit", (event) => {
    event.preventDefault();
    moveTo($("mark-input").value.trim());
  });
  for (const range of [1, 3, 10, 30]) {
    const button = make("button", { type: "button", "aria-pressed": String(range === state.range) }, `${range}%`);
    button.addEventListener("click", () => {
      Object.assign(state, { range, centre: 0 });
      for (const each of $("ranges").children) each.setAttribute("aria-pressed", String(each === button));
      showChart();
    });
    $("ranges").append(button);
  }
  new ResizeObserver(showChart).observe($("plot"));

  // Faults: the kinds of docs/faults.md, each with its parameters and a first proposal.
  const PUSH = { topic: "executionreport", account: "", count: "1", probability: "", seed: "" };
  const REQUEST = { path: "/v1/order", method: "POST", account: "", count: "1", probability: "", seed: "" };
  const KINDS = {
    drop: ["Lose frames", PUSH], duplicate: ["Send frames twice", PUSH], reorder: ["Send frames after the next", PUSH],
    delay: ["Send frames late", { ms: "2000", ...PUSH }], mute: ["Acknowledge a topic, never push it", { topic: "executionreport", account: "" }],
    cut: ["Cut the connection inside a frame", { at_byte: "20", ...PUSH }], close: ["Close the connection after a frame", { code: "1012", ...PUSH }],
    refuse_subscription: ["Answer a subscription with no", PUSH], refuse_login: ["Answer a login with no", { account: "", count: "1", probability: "", seed: "" }],
    lag_reads: ["REST does not show what is younger", { ms: "2000", account: "" }],
    answer: ["Spoil an answer of REST", { status: "503", code: "", ms: "", half: false, executed: false, body: "", ...REQUEST }],
    lose_answer: ["Cut the connection instead of answering", { executed: true, ...REQUEST }],
  };
  const NUMBERS = new Set(["count", "probability", "seed", "ms", "at_byte", "code", "status"]);
  let picked = "";
  for (const kind of Object.keys(KINDS)) {
    const button = make("button", { type: "button", "aria-pressed": "false", "data-kind": kind, title: KINDS[kind][0] }, kind.replaceAll("_", " "));
    button.addEventListener("click", () => { pick(picked === kind ? "" : kind); });
    $("kinds").append(button);
  }
  function pick(kind) {
    picked = kind;
    for (const each of $("kinds").children) each.setAttribute("aria-pressed", String(each.dataset.kind === kind));
    $("fault").hidden = !kind;
    if (!kind) return;
    $("fault-note").textContent = `${KINDS[kind][0]}. Empty: any, or for ever.`;
    $("fault-fields").replaceChildren(...Object.entries(KINDS[kind][1]).map(([name, value]) => field(name, value)));
    $("fault-add").scrollIntoView({ block: "nearest" });
  }
  function field(name, value) {
    const label = name.replaceAll("_", " ");
    if (typeof value === "boolean") return make("label", { class: "check" }, make("input", { type: "checkbox", name, checked: value }), label);
    if (name === "account") {
      const options = [...state.accounts.values()].map((one) => make("option", { value: one.account_id }, `account ${one.number}`));
      return make("label", {}, label, make("select", { name }, make("option", { value: "" }, "any"), ...options));
    }
    return make("label", {}, label, make("input", { name, value, autocomplete: "off", spellcheck: "false", inputmode: NUMBERS.has(name) ? "decimal" : null }));
  }
  $("fault").addEventListener("submit", async (event) => {
    event.preventDefault();
    const add = { kind: picked };
    for (const input of $("fault-fields").querySelectorAll("input, select")) {
      const text = input.value.trim();
      if (input.type === "checkbox") add[input.name] = input.checked;
      else if (text !== "") add[input.name] = NUMBERS.has(input.name) && Number.isFinite(Number(text)) ? Number(text) : text;
    }
    if (await act("/venue/faults", { add }, `In force: ${picked.replaceAll("_", " ")}`)) $("fault-add").focus();
  });
  function showFaults({ faults, settings }) {
    const text = JSON.stringify([faults, settings]);
    if (text === state.faults) return;
    state.faults = text;
    const rules = faults.map(({ id, kind, struck, ...more }) => {
      const end = make("button", { type: "button", "aria-label": `End fault ${id}` }, "End");
      end.addEventListener("click", () => { act("/venue/faults", { remove: id }); });
      const told = Object.entries(more).map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`).join(", ");
      return make("li", { "data-fault": id }, make("span", {}, make("b", {}, kind.replaceAll("_", " ")), ` ${told} `, make("span", { class: "quiet" }, `struck ${struck}`)), end);
    });
    const given = settings.map((name) => make("li", {}, make("span", {}, make("b", {}, name), " for the whole venue")));
    $("in-force").replaceChildren(...(rules.length + given.length ? [...rules, ...given] : [make("li", {}, make("span", { class: "quiet" }, "none; the venue behaves"))]));
  }
  $("drop-connections").addEventListener("click", () => { act("/venue/drop-connections", {}, ({ dropped }) => `Connections dropped: ${dropped}`); });
  $("clear-faults").addEventListener("click", () => { act("/venue/faults", { clear: true }, "All faults ended"); });

  // The venue's clock and its own words.
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", () => { act("/venue/advance", { ms: Number(button.dataset.advance) }, `Time: ${button.textContent}`); });
  }
  $("maintenance").addEventListener("click", () => {
    act("/venue/maintenance", { status: $("maintenance").getAttribute("aria-pressed") === "true" ? 0 : 2 });
  });
  $("announce").addEventListener("submit", async (event) => {
    event.preventDefault();
    const message = $("announcement").value.trim();
    if (message && (await act("/venue/announce", { message }, "Announced"))) $("announcement").value = "";
  });
  function showAnnouncements(rows) {
    state.announcements += rows.length;
    $("announcements").prepend(...rows.map((row) => make("li", { "data-announcement": row.announcement_id }, `${time(row.updated_time).slice(0, 8)} ${row.message}`)).reverse());
    while ($("announcements").children.length > 20) $("announcements").lastChild.remove();
  }

  enter();
})();
