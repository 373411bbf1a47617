/* What both pages draw with: elements made without mark-up (all text comes from strangers), signs, the graph of who is for
 * and against whom, sparklines. */
'use strict';
const stanced = {};

(() => {
  const SVG = 'http://www.w3.org/2000/svg';
  const SIGNS = { for: '+', against: '−', mixed: '±' };
  const ROW = 26, CROWD = 22, ROOMY = 560;
  let graphs = 0; /* each has arrow heads of its own: those of a hidden drawing are not drawn */

  function fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {}))
      if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  /* An element with attributes and children; strings become text. */
  stanced.make = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  const draw = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

  stanced.shorten = (text, most) => {
    const letters = Array.from(text);
    return letters.length > most ? letters.slice(0, most - 1).join('').trimEnd() + '…' : text;
  };

  /* For or against, in a form that needs no colours. */
  stanced.sign = (polarity) =>
    stanced.make('span', { class: `sign ${polarity in SIGNS ? polarity : 'mixed'}` },
      stanced.make('span', { 'aria-hidden': 'true' }, SIGNS[polarity] || '±'), polarity);

  /* An end of a stance, for people: a watched topic, T:NAME, is underlined instead. */
  const plain = (name) => (name === 'author' ? 'the author' : name.startsWith('T:') ? name.slice(2) : name);
  stanced.who = (name) => stanced.make('b', name.startsWith('T:') ? { class: 'topic', title: 'a watched topic' } : {}, plain(name));

  /* Of an edge with counts: the sign that outweighs. */
  const signOf = (edge) => (edge.for > edge.against ? 'for' : edge.against > edge.for ? 'against' : 'mixed');
  const weightOf = (edge) => edge.for + edge.against + edge.mixed;

  /* The names that have the most to do with each other, at most `most`, in an order that keeps those together who have to do with each other, and that stays as it
   * was (`order`, changed in place: name -> is at the right) while new ones come and old ones go. */
  function arrange(edges, most, order) {
    const shown = new Set(), weights = new Map();
    for (const edge of edges)
      for (const name of [edge.source, edge.target]) weights.set(name, (weights.get(name) || 0) + weightOf(edge));
    const rank = (edge) => weightOf(edge) * (weights.get(edge.source) + weights.get(edge.target));
    for (const edge of [...edges].sort((a, b) => rank(b) - rank(a))) {
      const fresh = [edge.source, edge.target].filter((name) => !shown.has(name));
      if (shown.size + fresh.length <= most) fresh.forEach((name) => shown.add(name));
    }
    const kept = [...order.keys()].filter((name) => shown.has(name)), sides = new Map(kept.map((name) => [name, order.get(name)]));
    for (const name of shown) {
      if (sides.has(name)) continue;
      const links = edges.filter((edge) => (edge.source === name) !== (edge.target === name)).sort((a, b) => weightOf(b) - weightOf(a));
      const others = links.map((edge) => (edge.source === name ? edge.target : edge.source)).filter((other) => sides.has(other));
      kept.splice(others.length > 0 ? kept.indexOf(others[0]) + 1 : kept.length, 0, name);
      sides.set(name, sideOf(name, links, others, sides));
    }
    order.clear();
    kept.forEach((name) => order.set(name, sides.get(name)));
    return kept;
  }

  /* At the right? Opposite to most of those one has to do with, so that lines cross the middle; else who speaks is at the left. */
  function sideOf(name, links, others, sides) {
    const right = others.filter((other) => sides.get(other)).length;
    if (right * 2 !== others.length) return right * 2 < others.length;
    return links.length === 0 || links[0].target === name;
  }

  /* Rows of one side: each as near as can be to the middle of those opposite whom it has to do with, none nearer than a ROW. */
  function settle(column, wanted, height) {
    column.sort((a, b) => wanted.get(a) - wanted.get(b));
    const rows = new Map(), at = column.map((name) => wanted.get(name));
    const least = ROW / 2 + 4, most = height - least;
    for (let i = 0; i < at.length; i++) at[i] = Math.max(at[i], i === 0 ? least : at[i - 1] + ROW);
    for (let i = at.length - 1; i >= 0; i--) at[i] = Math.min(at[i], i === at.length - 1 ? most : at[i + 1] - ROW);
    column.forEach((name, i) => rows.set(name, at[i]));
    return rows;
  }

  /* Two columns: the longer one in the order of the names, the other one beside it. */
  function place(names, edges, order, width, reach) {
    const columns = [names.filter((name) => !order.get(name)), names.filter((name) => order.get(name))];
    const height = Math.max(3, columns[0].length, columns[1].length) * ROW + 8, isLonger = Number(columns[1].length > columns[0].length);
    const fixed = settle(columns[isLonger], new Map(columns[isLonger].map((name, i) => [name, ((i + 0.5) * height) / columns[isLonger].length])), height);
    const near = (name) => {
      const rows = edges.map((edge) => (edge.source === name ? edge.target : edge.target === name ? edge.source : null)).filter((other) => fixed.has(other))
        .map((other) => fixed.get(other));
      return rows.length > 0 ? rows.reduce((sum, row) => sum + row, 0) / rows.length : height;
    };
    const other = settle(columns[1 - isLonger], new Map(columns[1 - isLonger].map((name) => [name, near(name)])), height), places = new Map();
    for (const name of names) {
      const isRight = order.get(name);
      places.set(name, { name, isRight, x: width / 2 + (isRight ? reach : -reach), y: fixed.get(name) ?? other.get(name), ends: [] });
    }
    return { places, height };
  }

  /* The ends of lines at a name lie one below the other, in the order of where they come from. */
  function spread(edges, places) {
    for (const edge of edges) {
      const [from, to] = [places.get(edge.source), places.get(edge.target)];
      from.ends.push({ edge, other: to });
      to.ends.push({ edge, other: from });
    }
    for (const node of places.values()) {
      /* Neighbours of the same side turn off first: those above uppermost, the farthest of them innermost. */
      const turn = (end) => (end.other.isRight !== node.isRight ? end.other.y / 1e4 : end.other.y < node.y ? -1 - end.other.y / 1e4 : 2 - end.other.y / 1e4);
      node.ends.sort((a, b) => turn(a) - turn(b) || Number(a.edge.source > a.edge.target) - Number(b.edge.source > b.edge.target));
      const step = Math.min(7, (ROW - 8) / Math.max(1, node.ends.length - 1));
      node.ends.forEach((end, i) => { end.y = node.y + (i - (node.ends.length - 1) / 2) * step; });
    }
    return (edge, name) => places.get(name).ends.find((end) => end.edge === edge).y;
  }

  /* A line across, or a bow toward the middle where both are on one side; level at both ends, so that its head is seen. */
  function curve(from, to, y1, y2, reach) {
    const inward = (node) => (node.isRight ? -1 : 1), x1 = from.x + 9 * inward(from), x2 = to.x + 11 * inward(to);
    const pull = from.isRight === to.isRight ? Math.min(1.6 * reach, 26 + 0.55 * Math.abs(y2 - y1)) : Math.max(12, 0.9 * reach);
    return `M${x1.toFixed(1)} ${y1.toFixed(1)}C${(x1 + pull * inward(from)).toFixed(1)} ${y1.toFixed(1)} ${(x2 + pull * inward(to)).toFixed(1)} ${y2.toFixed(1)} ` +
      `${x2.toFixed(1)} ${y2.toFixed(1)}`;
  }

  /* An arrow goes to whom one is for, a bar stands before whom one is against. */
  function heads(graph) {
    const shapes = { for: 'M1 1L9 5L1 9z', against: 'M6 2H9V8H6z', mixed: 'M5 1L9 5L5 9L1 5z' };
    return draw('defs', {}, ...Object.entries(shapes).map(([sign, shape]) =>
      draw('marker', { id: `head-${graph}-${sign}`, class: sign, viewBox: '0 0 10 10', refX: 7, refY: 5, markerWidth: 11, markerHeight: 11,
        markerUnits: 'userSpaceOnUse', orient: 'auto' }, draw('path', { d: shape }))));
  }

  /* As much of a name as fits into `most` pixels. */
  const ruler = document.createElement('canvas').getContext('2d');
  function fit(name, most) {
    const letters = Array.from(name), wide = (count) => ruler.measureText(letters.slice(0, count).join('') + (count < letters.length ? '…' : '')).width;
    let count = letters.length;
    ruler.font = `13px ${getComputedStyle(document.body).fontFamily}`;
    while (count > 1 && wide(count) > most) count -= Math.max(1, Math.floor(count / 16));
    return stanced.shorten(name, count < letters.length ? count + 1 : count);
  }

  function drawNode(node, edges, { choose, ids }, room) {
    const mine = edges.filter((edge) => edge.source === node.name || edge.target === node.name);
    const about = mine.map((edge) => `${plain(edge.source)} ${signOf(edge)} ${plain(edge.target)}`).join('; ');
    const label = draw('text', { x: node.x + (node.isRight ? 11 : -11), y: node.y + 4.5, 'text-anchor': node.isRight ? 'start' : 'end' },
      fit(plain(node.name), room));
    const group = draw('g', { class: 'node', role: choose ? 'button' : 'img', tabindex: choose ? 0 : null, 'data-name': node.name, 'data-e': ids && ids.get(node.name),
      'aria-label': `${plain(node.name)}: ${about}` }, draw('title', {}, plain(node.name)), draw('circle', { cx: node.x, cy: node.y, r: 6 }), label);
    if (choose) {
      group.addEventListener('click', () => choose(node.name));
      group.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); choose(node.name); }
      });
    }
    return group;
  }

  /* Who is near the pointer or has the focus stands out. */
  function lightUp(svg) {
    const light = (event) => {
      const node = event.target.closest && event.target.closest('.node');
      const name = node ? node.getAttribute('data-name') : null;
      svg.classList.toggle('dimmed', name !== null);
      for (const edge of svg.querySelectorAll('.edge'))
        edge.classList.toggle('lit', name !== null && (edge.getAttribute('data-from') === name || edge.getAttribute('data-to') === name));
    };
    for (const type of ['mouseover', 'focusin', 'mouseleave', 'focusout']) svg.addEventListener(type, light);
  }

  /* edges: {source, target, for, against, mixed} with counts, and `stance` where one is meant. options: width, order (see
   * arrange), choose (called with a name), ids (of names, for data-e), most (names). */
  stanced.graph = (edges, options) => {
    const graph = ++graphs, room = Math.min(190, options.width / 2 - 58), reach = options.width >= ROOMY ? 130 : options.width / 2 - room - 14;
    const order = options.order || new Map(), names = arrange(edges, options.most || CROWD, order);
    const shown = edges.filter((edge) => order.has(edge.source) && order.has(edge.target) && edge.source !== edge.target);
    const { places, height } = place(names, shown, order, options.width, reach), endOf = spread(shown, places);
    const most = Math.max(1, ...shown.map(weightOf));
    const svg = draw('svg', { class: 'graph', viewBox: `0 0 ${options.width} ${height}`, role: 'group',
      'aria-label': 'Who is for and against whom; the same as a list is below' }, heads(graph));
    for (const edge of shown) {
      const sign = signOf(edge);
      svg.append(draw('path', { class: `edge ${sign}`, d: curve(places.get(edge.source), places.get(edge.target), endOf(edge, edge.source), endOf(edge, edge.target), reach),
        'stroke-width': (1.2 + 1.8 * Math.sqrt(weightOf(edge) / most)).toFixed(2), 'marker-end': `url(#head-${graph}-${sign})`,
        'data-from': edge.source, 'data-to': edge.target, 'data-s': edge.stance },
      draw('title', {}, `${plain(edge.source)} ${sign} ${plain(edge.target)}`)));
    }
    for (const node of places.values()) svg.append(drawNode(node, shown, options, room));
    lightUp(svg);
    return svg;
  };

  stanced.legend = () => stanced.make('p', { class: 'legend' }, ...['for', 'against', 'mixed'].map((sign) =>
    stanced.make('span', {}, draw('svg', { viewBox: '0 0 34 12', 'aria-hidden': 'true' }, heads(++graphs),
      draw('path', { class: `edge ${sign}`, d: 'M1 6H25', 'stroke-width': 2, 'marker-end': `url(#head-${graphs}-${sign})` })), sign)));

  /* A line of numbers, the newest at the right; null where none is known. */
  stanced.sparkline = (values, label) => {
    const width = 120, height = 28, known = values.filter((value) => value !== null), most = Math.max(1e-9, ...known);
    const step = width / Math.max(1, values.length - 1);
    let path = '', isDown = false;
    values.forEach((value, i) => {
      if (value !== null) path += `${isDown ? 'L' : 'M'}${(i * step).toFixed(1)} ${(height - 2 - (value / most) * (height - 4)).toFixed(1)}`;
      isDown = value !== null;
    });
    return draw('svg', { class: 'sparkline', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img',
      'aria-label': label }, draw('path', { d: path, 'vector-effect': 'non-scaling-stroke' }));
  };
})();
