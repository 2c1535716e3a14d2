/// What a flame graph's page does: zoom, search, keys, and the switch of columns. Constant, as the style is.
///
/// It never makes elements from text: names stay what the page's markup holds.
enum FlameScript {
  /// SHA-256 of `text` in base64, for the page's Content-Security-Policy; a test computes it anew.
  static let digest = "OTHfALZ3i61wh3NYJoHC470shMGgEQLjxB36WcfXPns="

  /// The script. Without it the page shows all columns, one below the other, with hover texts.
  static let text = """

    'use strict';
    (() => {
      const all = (s, r = document) => [...r.querySelectorAll(s)];
      const says = document.getElementById('says'), find = document.getElementById('find');
      const reset = document.getElementById('reset'), hits = document.getElementById('hits');
      const near = 0.00005;
      const charts = all('.chart').map(part => ({part, zoomed: null, boxes: all('.f', part).map(el => ({
        el, x: parseFloat(el.getAttribute('x')), w: parseFloat(el.getAttribute('width')),
        y: +el.getAttribute('y'), says: el.querySelector('title').textContent,
        name: el.querySelector('title').textContent.split(' \\u00b7 ').slice(1).join(' \\u00b7 ').toLowerCase()}))}));
      let now = charts[0];
      const covers = (a, b) => a.x <= b.x + near && a.x + a.w >= b.x + b.w - near;
      const shown = b => !b.el.classList.contains('off');
      const held = el => now.boxes.find(b => b.el === el);

      function zoom(to) {
        now.zoomed = to && to.y > 0 ? to : null;
        const base = now.zoomed || now.boxes[0];
        for (const b of now.boxes) {
          const above = b.y < base.y && covers(b, base);
          const left = above ? 0 : (b.x - base.x) / base.w * 100;
          const right = above ? 100 : left + b.w / base.w * 100;
          const off = !above && (b.y < base.y || right <= near || left >= 100 - near);
          b.el.classList.toggle('off', off);
          b.el.classList.toggle('up', above);
          if (off) continue;
          b.el.setAttribute('x', Math.max(0, left) + '%');
          b.el.setAttribute('width', Math.min(100, right) - Math.max(0, left) + '%');
        }
        reset.disabled = !now.zoomed;
      }

      function search() {
        const word = find.value.trim().toLowerCase();
        let sum = 0, count = 0;
        const outer = [];
        for (const b of now.boxes) {
          const hit = word !== '' && b.y > 0 && b.name.includes(word);
          b.el.classList.toggle('hit', hit);
          b.el.classList.toggle('dim', word !== '' && !hit);
          if (!hit) continue;
          count++;
          if (outer.some(o => o.y < b.y && covers(o, b))) continue;
          outer.push(b);
          sum += b.w;
        }
        hits.textContent = word === '' ? '' : count + ' boxes, ' + sum.toFixed(1) + ' % of all';
      }

      function choose(index) {
        now = charts[index];
        charts.forEach(c => { c.part.hidden = c !== now; });
        zoom(now.zoomed);
        search();
      }

      function focus(b) {
        if (!b) return;
        now.boxes.forEach(o => o.el.setAttribute('tabindex', o === b ? '0' : '-1'));
        b.el.focus();
      }

      const best = list => list.reduce((a, b) => !a || b.w > a.w ? b : a, null);
      const rows = 18;
      const moves = {
        ArrowDown: b => best(now.boxes.filter(o => shown(o) && o.y === b.y + rows && covers(b, o))),
        ArrowUp: b => now.boxes.find(o => o.y === b.y - rows && covers(o, b)),
        ArrowRight: b => now.boxes.filter(o => shown(o) && o.y === b.y && o.x > b.x)
          .reduce((a, o) => !a || o.x < a.x ? o : a, null),
        ArrowLeft: b => now.boxes.filter(o => shown(o) && o.y === b.y && o.x < b.x)
          .reduce((a, o) => !a || o.x > a.x ? o : a, null)};

      document.addEventListener('keydown', e => {
        if (e.ctrlKey || e.metaKey || e.altKey) return;
        if (e.key === 'Escape') {
          if (document.activeElement === find && find.value) { find.value = ''; search(); } else zoom(null);
          return;
        }
        if (e.target === find) return;
        if (e.key === '/') { e.preventDefault(); find.focus(); return; }
        const b = held(document.activeElement);
        if (!b) return;
        if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); zoom(b); }
        if (moves[e.key]) { e.preventDefault(); focus(moves[e.key](b)); }
      });
      charts.forEach(c => c.boxes.forEach(b => {
        b.el.addEventListener('click', () => { zoom(b); focus(b); });
        b.el.addEventListener('mouseenter', () => { says.textContent = b.says; });
        b.el.addEventListener('focus', () => { says.textContent = b.says; });
      }));
      find.addEventListener('input', search);
      reset.addEventListener('click', () => zoom(null));
      all('input[name=column]').forEach((r, i) => r.addEventListener('change', () => choose(i)));
      all('.needs').forEach(el => { el.hidden = false; });
      if (charts.length) choose(Math.max(0, all('input[name=column]').findIndex(r => r.checked)));
    })();

    """
}
