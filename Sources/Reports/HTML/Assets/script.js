"use strict";
// Enhances a page that is complete without it: theme, metric, sorting, every trial, focus and zoom of charts.
const $ = (s, e = document) => e.querySelector(s), $$ = (s, e = document) => [...e.querySelectorAll(s)];
const make = (tag, text, attributes = {}) => {
  const e = document.createElementNS(attributes.xmlns || "http://www.w3.org/1999/xhtml", tag);
  delete attributes.xmlns;
  for (const a in attributes) e.setAttribute(a, attributes[a]);
  if (text !== undefined) e.textContent = text;
  return e;
};

// Figures, as FigureText writes them.
const digits = v => {
  const m = Math.abs(v);
  return m >= 99.95 ? String(Math.round(v)) : m >= 9.995 ? v.toFixed(1) : m && m < .005 ? "<0.01" : v.toFixed(2);
};
const steps = {
  B: [[" B", " KiB", " MiB", " GiB", " TiB"], 1024], ns: [[" ns", " µs", " ms", " s"], 1000],
  "1/s": [["/s", "k/s", "M/s", "G/s"], 1000], "1": [["", "k", "M", "G", "T"], 1000], ratio: [[""], 1000]
};
const figure = (v, unit) => {
  if (unit === "s") { v *= 1e9; unit = "ns"; }
  const [names, step] = steps[unit] || steps.ratio;
  if (v === 0 || (Number.isInteger(v) && (unit === "B" && Math.abs(v) < 1024 || unit === "1" && Math.abs(v) < 1e4))) return v + names[0];
  let i = 0;
  while (i + 1 < names.length && Math.round(Math.abs(v)) >= step) { v /= step; i++; }
  return digits(v) + names[i];
};

// Theme: the reader's system decides until the switch does.
{
  const button = $("#theme"), root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)");
  const now = () => root.dataset.theme || (dark.matches ? "dark" : "light");
  const label = () => { button.textContent = now() === "dark" ? "Light theme" : "Dark theme"; };
  try { const kept = localStorage.getItem("heapscale-theme"); if (kept) root.dataset.theme = kept; } catch {}
  button.hidden = false;
  button.onclick = () => {
    root.dataset.theme = now() === "dark" ? "light" : "dark";
    try { localStorage.setItem("heapscale-theme", root.dataset.theme); } catch {}
    label();
  };
  dark.onchange = label;
  label();
}

// Matrix: another metric's figures come from the table of all figures.
{
  const select = $("#metric");
  if (select) {
    const rows = new Map($$(".figures tbody tr").map(r => [r.dataset.k, r]));
    select.disabled = false;
    select.onchange = () => {
      $("#metric-note").textContent = select.selectedOptions[0].title;
      for (const cell of $$(".matrix td[data-k]")) {
        const from = rows.get(cell.dataset.k).cells[select.selectedIndex + 2];
        cell.className = from.className;
        if (from.dataset.v === undefined) delete cell.dataset.v; else cell.dataset.v = from.dataset.v;
        cell.replaceChildren(...[...from.childNodes].map(n => n.cloneNode(true)));
      }
    };
  }
}

// Sorting: heads become buttons; exact values count, texts where there is none, gaps come last.
const compare = (a, b, up) => {
  if (a === b) return 0;
  if (a === null || a === "") return 1;
  if (b === null || b === "") return -1;
  const order = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", {numeric: true});
  return up ? order : -order;
};
const sortButton = (head, act) => {
  const button = make("button", undefined, {type: "button"});
  button.append(...head.childNodes);
  head.append(button);
  button.onclick = () => {
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    act(up);
  };
};
for (const table of $$("table.sortable")) {
  $$("thead th", table).forEach((head, column) => sortButton(head, up => {
    const body = table.tBodies[0];
    const key = row => {
      const cell = row.cells[column];
      return cell.dataset.v !== undefined ? Number(cell.dataset.v) : cell.classList.contains("na") ? null : cell.textContent;
    };
    body.append(...[...body.rows].map(row => [key(row), row]).sort((a, b) => compare(a[0], b[0], up)).map(p => p[1]));
  }));
}

// Every trial: unpacked from the data, a page of rows at a time.
{
  const source = $("#trial-data"), table = $("#trial-table");
  if (source && table) {
    const data = JSON.parse(source.textContent), trials = [];
    for (const cell of data.cells) {
      const columns = cell.v.map((values, i) => {
        const scale = data.metrics[i][2];
        let sum = 0;
        return values.map(v => v === null ? null : scale ? (sum += v) / scale : v);
      });
      cell.b.forEach((block, i) => {
        const outcome = (cell.o[i] || "ok") + (cell.m[i] ? ": " + cell.m[i] : "");
        trials.push([...cell.n, block, outcome, ...columns.map(c => c[i] === undefined ? null : c[i])]);
      });
    }
    const heads = ["workload", "variant", "block", "outcome", ...data.metrics.map(m => m[0])], size = 50;
    let shown = trials, at = 0;
    const row = make("tr"), head = make("thead"), body = make("tbody");
    heads.forEach((title, column) => {
      const th = make("th", title, {scope: "col"});
      if (column < 4 && column !== 2) th.className = "l";
      sortButton(th, up => { trials.sort((a, b) => compare(a[column], b[column], up)); filter(); });
      row.append(th);
    });
    head.append(row);
    table.append(head, body);
    const draw = () => {
      body.replaceChildren(...shown.slice(at, at + size).map(trial => {
        const tr = make("tr");
        trial.forEach((value, column) => {
          const unit = column > 3 && data.metrics[column - 4][1];
          const cell = make(column ? "td" : "th", value === null ? "—" : unit ? figure(value, unit) : value);
          if (column < 4 && column !== 2) cell.className = "l";
          if (unit && value !== null) { cell.dataset.v = value; cell.title = value; }
          tr.append(cell);
        });
        return tr;
      }));
      $("#trial-place").textContent = shown.length ? `${at + 1}–${Math.min(at + size, shown.length)} of ${shown.length}` : "none";
      $("#trial-back").disabled = at === 0;
      $("#trial-on").disabled = at + size >= shown.length;
    };
    const filter = () => {
      const words = $("#trial-filter").value.toLowerCase().split(" ").filter(Boolean);
      shown = trials.filter(t => { const name = `${t[0]} ${t[1]} ${t[3]}`.toLowerCase(); return words.every(w => name.includes(w)); });
      at = 0;
      draw();
    };
    $("#trial-filter").oninput = filter;
    $("#trial-back").onclick = () => { at = Math.max(0, at - size); draw(); };
    $("#trial-on").onclick = () => { at += size; draw(); };
    $("#trial-tools").hidden = false;
    filter();
  }
}

// Charts of lines: what stands under the pointer, another series in focus, a stretch of the axis.
const points = path => {
  const found = [];
  let x = 0, y = 0;
  for (const step of path.getAttribute("d").matchAll(/([Mml]?)(-?\d+)[ ]?(-?\d+)/g)) {
    x += Number(step[2]);
    y += Number(step[3]);
    found.push([x, y, step[1] === "m"]);
  }
  return found;
};
const at = (list, x) => {
  let low = 0, high = list.length - 1;
  if (high < 0 || x < list[0][0] || x > list[high][0]) return null;
  while (high - low > 1) { const middle = low + high >> 1; if (list[middle][0] <= x) low = middle; else high = middle; }
  return list[high][2] && x < list[high][0] ? null : list[x >= list[high][0] ? high : low][1];
};
const ticks = (from, to, unit) => {
  const least = (to - from) / 5;
  let power = 10 ** Math.floor(Math.log10(least)), step = [1, 2, 5, 10].map(f => f * power).find(s => s >= least);
  const list = [];
  for (let v = Math.ceil(from / step) * step; v <= to; v += step) list.push(v);
  return list.map(v => [v, v === 0 ? "0" : figure(v, unit).replace(/(\.\d*?)0+(?=\D|$)/, "$1").replace(/\.(?=\D|$)/, "")]);
};
for (const chart of $$(".chart")) {
  const plot = $(".plot", chart), axis = $(".x", chart), groups = $$(".series", chart), data = chart.dataset;
  const buttons = $$(".legend button", chart), readout = make("p", undefined, {class: "readout", "aria-live": "polite"});
  const lines = groups.map(g => {
    const [main, companion] = [$(".main", g), $(".companion", g)];
    return {group: g, i: g.dataset.i, main: points(main), companion: companion ? points(companion) : []};
  }).sort((a, b) => a.i - b.i);
  const svg = "http://www.w3.org/2000/svg", cursor = make("path", undefined, {xmlns: svg, class: "cursor"});
  const brush = make("rect", undefined, {xmlns: svg, class: "brush", y: 0, height: 4000, width: 0});
  const reset = make("button", "Whole length", {type: "button", hidden: ""});
  let view = [0, 10000], focus = 0, place = null, start = null;
  const stacked = chart.classList.contains("stacked");
  plot.append(brush, cursor);
  plot.setAttribute("tabindex", "0");
  $(".grid2", chart).after(readout, reset);
  const read = () => {
    if (place === null) { readout.textContent = ""; cursor.setAttribute("d", ""); return; }
    cursor.setAttribute("d", `M${place} 0V4000`);
    readout.replaceChildren(make("b", figure(place / 10000 * data.x, data.xu)));
    const order = [lines[focus], ...lines.filter(l => l !== lines[focus])];
    for (const line of order) {
      const y = at(line.main, place), under = stacked && line.i > 0 ? at(lines[line.i - 1].main, place) : 4000, z = line === lines[focus] ? at(line.companion, place) : null;
      if (y === null) continue;
      const value = v => figure(Math.round((4000 - v) / 4000 * data.y), data.yu);
      readout.append(" · " + buttons[line.i].textContent + " ", make("b", value(4000 - under + y)));
      if (z !== null) readout.append(` (${data.companion} ${value(z)})`);
    }
  };
  const zoom = (from, to) => {
    const width = Math.min(10000, Math.max(20, to - from));
    from = Math.min(Math.max(0, from), 10000 - width);
    view = [from, from + width];
    plot.setAttribute("viewBox", `${from} 0 ${width} 4000`);
    const whole = width === 10000, scale = data.x / 10000;
    reset.hidden = whole;
    const strip = $(".strip", chart);
    if (strip) strip.classList.toggle("off", !whole);
    axis.replaceChildren(...ticks(view[0] * scale, view[1] * scale, data.xu).map(([v, text]) => {
      const share = (v / scale - view[0]) / width;
      return make("text", text, {xmlns: svg, x: share * 100 + "%", y: 16, "text-anchor": share < .04 ? "start" : share > .94 ? "end" : "middle"});
    }));
  };
  const choose = i => {
    focus = i;
    buttons.forEach((b, j) => b.setAttribute("aria-pressed", j === i));
    for (const line of lines) line.group.classList.toggle("on", line === lines[i]);
    // An area covers those above it: their order must stay.
    if (!stacked) plot.insertBefore(lines[i].group, brush);
    for (const g of $$(".strip g,.bands", chart)) g.classList.toggle("off", Number(g.dataset.i) !== i);
    read();
  };
  const position = event => {
    const box = plot.getBoundingClientRect();
    return view[0] + Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * (view[1] - view[0]);
  };
  buttons.forEach((b, i) => { b.onclick = () => choose(i); });
  plot.onpointerdown = e => { start = position(e); plot.setPointerCapture(e.pointerId); };
  plot.onpointermove = e => {
    place = position(e);
    if (start !== null) {
      brush.setAttribute("x", Math.min(start, place));
      brush.setAttribute("width", Math.abs(place - start));
    }
    read();
  };
  plot.onpointerup = e => {
    const end = position(e);
    if (start !== null && Math.abs(end - start) > (view[1] - view[0]) / 50) zoom(Math.min(start, end), Math.max(start, end));
    start = null;
    brush.setAttribute("width", 0);
  };
  plot.onpointerleave = () => { if (start === null) { place = null; read(); } };
  plot.onkeydown = e => {
    const width = view[1] - view[0], middle = place === null ? view[0] + width / 2 : place;
    const move = d => { place = Math.min(view[1], Math.max(view[0], middle + d * width / 50)); read(); };
    const near = f => zoom(middle - width * f / 2, middle + width * f / 2);
    const act = {ArrowLeft: () => move(-1), ArrowRight: () => move(1), "+": () => near(.5), "-": () => near(2), "0": () => zoom(0, 10000)}[e.key];
    if (act) { act(); e.preventDefault(); }
  };
  reset.onclick = () => zoom(0, 10000);
  read();
}
addEventListener("beforeprint", () => { for (const d of $$("details")) d.open = true; });
