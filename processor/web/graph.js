/* What both pages draw with: elements made without mark-up (all text comes from strangers), signs, the graph of who is for
 * and against whom, sparklines. */
'use strict';
const stanced = {};

(() => {
  const SVG = 'http://www.w3.org/2000/svg';
  const SIGNS = { for: '+', against: '−', mixed: '±' };
  const ROW = 26, LETTER = 6.7, CROWD = 22, ROOMY = 560;
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
  const plain = (name) => (name.startsWith('T:') ? name.slice(2) : name);
  stanced.who = (name) => stanced.make('b', name.startsWith('T:') ? { class: 'topic', title: 'a watched topic' } : {}, plain(name));

  /* Of an edge with counts: the sign that outweighs. */
  const signOf = (edge) => (edge.for > edge.against ? 'for' : edge.against > edge.for ? 'against' : 'mixed');
  const weightOf = (edge) => edge.for + edge.against + edge.mixed;

  /* The names that have the most to do with each other, at most `most`, in an order that keeps those together who have to do with each other, and that stays as it
   * was (`order`, changed in place) while new ones come and old ones go. */
  function arrange(edges, most, order) {
    const shown = new Set(), weights = new Map();
    for (const edge of edges)
      for (const name of [edge.source, edge.target]) weights.set(name, (weights.get(name) || 0) + weightOf(edge));
    const rank = (edge) => weightOf(edge) * (weights.get(edge.source) + weights.get(edge.target));
    for (const edge of [...edges].sort((a, b) => rank(b) - rank(a))) {
      const fresh = [edge.source, edge.target].filter((name) => !shown.has(name));
      if (shown.size + fresh.length <= most) fresh.forEach((name) => shown.add(name));
    }
    const kept = order.filter((name) => shown.has(name));
    const near = (name) => {
      const links = edges.filter((edge) => edge.source === name || edge.target === name).sort((a, b) => weightOf(b) - weightOf(a));
      return links.map((edge) => kept.indexOf(edge.source === name ? edge.target : edge.source)).find((at) => at >= 0);
    };
    for (const name of shown) {
      if (kept.includes(name)) continue;
      const at = near(name);
      kept.splice(at === undefined ? kept.length : at + 1, 0, name);
    }
    order.splice(0, order.length, ...kept);
    return kept;
  }

  /* Down the right side and up the left, rows a line apart so that no label lies on another, bent to an ellipse. */
  function place(names, width, letters) {
    const right = Math.ceil(names.length / 2), height = Math.max(right, 3) * ROW + 24;
    const reach = Math.max(30, width / 2 - letters * LETTER - 14), places = new Map();
    names.forEach((name, i) => {
      const isRight = i < right, count = isRight ? right : names.length - right, row = isRight ? i : names.length - 1 - i;
      const part = count > 1 ? (2 * row) / (count - 1) - 1 : 0;
      const y = height / 2 + (part * (height - 44)) / 2, x = reach * Math.sqrt(1 - 0.8 * part * part);
      places.set(name, { name, isRight, x: width / 2 + (isRight ? x : -x), y });
    });
    return { places, height };
  }

  /* A line that bends toward the middle, to the right of its way: there and back lie apart. It ends before the dot. Neighbours
   * are joined by a small bow. */
  function curve(from, to, middle) {
    const dx = to.x - from.x, dy = to.y - from.y, length = Math.hypot(dx, dy) || 1;
    const pull = Math.min(0.4, 0.16 + length / 900), aside = Math.min(14, 4 + length / 20);
    const x = ((from.x + to.x) / 2) * (1 - pull) + middle.x * pull - (dy / length) * aside;
    const y = ((from.y + to.y) / 2) * (1 - pull) + middle.y * pull + (dx / length) * aside;
    const back = Math.hypot(to.x - x, to.y - y) || 1, gap = 11;
    const end = { x: to.x - ((to.x - x) / back) * gap, y: to.y - ((to.y - y) / back) * gap };
    return `M${from.x.toFixed(1)} ${from.y.toFixed(1)}Q${x.toFixed(1)} ${y.toFixed(1)} ${end.x.toFixed(1)} ${end.y.toFixed(1)}`;
  }

  /* An arrow goes to whom one is for, a bar stands before whom one is against. */
  function heads(graph) {
    const shapes = { for: 'M1 1L9 5L1 9z', against: 'M6 0H9V10H6z', mixed: 'M5 1L9 5L5 9L1 5z' };
    return draw('defs', {}, ...Object.entries(shapes).map(([sign, shape]) =>
      draw('marker', { id: `head-${graph}-${sign}`, class: sign, viewBox: '0 0 10 10', refX: 7, refY: 5, markerWidth: 13, markerHeight: 13,
        markerUnits: 'userSpaceOnUse', orient: 'auto' }, draw('path', { d: shape }))));
  }

  function drawNode(node, edges, letters, { choose, ids }) {
    const mine = edges.filter((edge) => edge.source === node.name || edge.target === node.name);
    const about = mine.map((edge) => `${edge.source} ${signOf(edge)} ${edge.target}`).join('; ');
    const label = draw('text', { x: node.x + (node.isRight ? 11 : -11), y: node.y + 4.5, 'text-anchor': node.isRight ? 'start' : 'end' },
      stanced.shorten(plain(node.name), letters));
    const group = draw('g', { class: 'node', role: choose ? 'button' : 'img', tabindex: choose ? 0 : null, 'data-name': node.name, 'data-e': ids && ids.get(node.name),
      'aria-label': `${node.name}: ${about}` }, draw('title', {}, node.name), draw('circle', { cx: node.x, cy: node.y, r: 6 }), label);
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
    const letters = options.width >= ROOMY ? 24 : 17, graph = ++graphs;
    const names = arrange(edges, options.most || CROWD, options.order || []), { places, height } = place(names, options.width, letters);
    const shown = edges.filter((edge) => places.has(edge.source) && places.has(edge.target) && edge.source !== edge.target);
    const middle = { x: options.width / 2, y: height / 2 };
    const most = Math.max(1, ...shown.map(weightOf));
    const svg = draw('svg', { class: 'graph', viewBox: `0 0 ${options.width} ${height}`, role: 'group',
      'aria-label': 'Who is for and against whom; the same as a list is below' }, heads(graph));
    for (const edge of shown) {
      const sign = signOf(edge);
      svg.append(draw('path', { class: `edge ${sign}`, d: curve(places.get(edge.source), places.get(edge.target), middle),
        'stroke-width': (1.2 + 2.6 * Math.sqrt(weightOf(edge) / most)).toFixed(2), 'marker-end': `url(#head-${graph}-${sign})`,
        'data-from': edge.source, 'data-to': edge.target, 'data-s': edge.stance },
      draw('title', {}, `${edge.source} ${sign} ${edge.target}`)));
    }
    for (const node of places.values()) svg.append(drawNode(node, shown, letters, options));
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
