/* What is typed, folded as the archive's words were (export/site/folding.py, search/analysis.py). */
"use strict";

var minutesFolding = (function () {
  var PART = /\d{1,3}(?:,\d{3})+(?![\d,])|\d+(?:st|nd|rd|th)(?![\p{L}\p{N}])|\d+|\p{L}+(?:'\p{L}+)*/giu;

  function fold(word) {
    return word.toLowerCase().normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "").slice(0, 64);
  }

  /** The folded words of a text with where each stands in it, and whether a mark, or nothing, joins it to the one before. */
  function parts(text) {
    var found = [], match, before = null;
    var plain = text.replace(/[’‘‛ʼ`´]/g, "'").replace(/[‐‑‒–]/g, "-");
    PART.lastIndex = 0;
    while ((match = PART.exec(plain)) !== null) {
      var word = fold(match[0]), start = match.index, end = start + match[0].length;
      if (!word) continue;
      found.push({ word: word, start: start, end: end, glued: before !== null && /^(?:[-_/]?|[.'])$/.test(plain.slice(before, start)) && start - before < 2 });
      before = end;
    }
    return found;
  }

  /** What marks join and holds a number as one word (SSP/1624, 20mph), as search/analysis.py writes it; the rest as parts. */
  function typedWords(text) {
    var chunks = [];
    parts(text).forEach(function (part) {
      if (part.glued && chunks.length) chunks[chunks.length - 1].push(part.word);
      else chunks.push([part.word]);
    });
    return [].concat.apply([], chunks.map(function (chunk) {
      if (chunk.length < 2 || chunk.length > 6 || !chunk.some(function (word) { return /^\d/.test(word); })) return chunk;
      return [chunk.reduce(function (whole, word) {
        return whole + (/\d$/.test(whole) && /^\d/.test(word) ? "/" : "") + word;
      })];
    }));
  }

  /** What a word and its plural have in common: enough to know a label by. */
  function singular(word) {
    if (/ies$/.test(word) && word.length > 4) return word.slice(0, -3) + "y";
    return /[^s]s$/.test(word) && word.length > 3 ? word.slice(0, -1) : word;
  }

  function key(words) {
    return words.map(singular).join("");
  }

  /**
   * A query: the words asked for, with compounds as one; the same with the labels among them as concepts, null where there are
   * none; the labels that were brought in; the phrase, where the whole query is one.
   */
  function reader(archive) {
    var longest = 8, compounds = new Set(archive.compounds), stop = new Set(archive.stop);

    function joined(words) {
      var found = [];
      for (var n = 0; n < words.length; n++) {
        if (n + 1 < words.length && compounds.has(words[n] + words[n + 1])) {
          found.push(words[n] + words[n + 1]);
          n++;
        } else found.push(words[n]);
      }
      return found;
    }

    function asked(words) {
      var kept = words.filter(function (word) { return !stop.has(word); });
      return kept.length ? kept : words;
    }

    /** The words in groups, each with the concept that it is a label of, or null: the longest labels first, from the left. */
    function groups(words) {
      var found = [], n = 0;
      while (n < words.length) {
        var concept = null, end = Math.min(words.length, n + longest) + 1;
        while (concept === null && --end > n) {
          var place = archive.keys[key(words.slice(n, end))];
          if (place !== undefined) concept = archive.concepts[place];
        }
        end = Math.max(end, n + 1);
        found.push({ words: words.slice(n, end), concept: concept });
        n = end;
      }
      return found;
    }

    return function (typed) {
      var quoted = /^\s*["“”](.+)["“”]\s*$/.exec(typed);
      if (quoted) {
        var phrase = parts(quoted[1]).map(function (part) { return part.word; });
        return { phrase: phrase, words: phrase, wider: null, related: [] };
      }
      var words = typedWords(typed);
      var wider = [], related = [], plain = [];
      groups(words).forEach(function (group) {
        if (!group.concept) { plain = plain.concat(group.words); return; }
        wider.push(group.concept[0]);
        group.concept[1].forEach(function (label) {
          if (key(label.split(" ")) !== key(group.words) && related.indexOf(label) < 0) related.push(label);
        });
      });
      var rest = joined(plain).filter(function (word) { return !stop.has(word); });
      return { phrase: null, words: asked(joined(words)), wider: related.length ? wider.concat(rest) : null, related: related };
    };
  }

  return { parts: parts, singular: singular, reader: reader };
})();
