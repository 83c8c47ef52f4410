/* What is typed, folded as the archive's words were (export/site/folding.py, search/analysis.py). */
"use strict";

var minutesFolding = (function () {
  var PART = /\d{1,3}(?:,\d{3})+(?!\d|,\d)|\d+(?:st|nd|rd|th)(?![\p{L}\p{N}])|\d+|\p{L}+(?:'\p{L}+)*/giu;

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
    if (/ies$/.test(word) && word.length > 3) return word.slice(0, -3) + "y";
    return /[^su]s$/.test(word) && word.length > 2 ? word.slice(0, -1) : word;
  }

  /**
   * Reads a query, once the stems of its words are known ("wordsOf" names them): the words asked for, with compounds as one; the
   * same with the labels among them as concepts, null where there are none; the labels that were brought in; whether it is a phrase.
   */
  function reader(archive) {
    var longest = 8, compounds = new Set(archive.compounds), stop = new Set(archive.stop), stems = new Map(Object.entries(archive.stems));

    function phraseOf(typed) {
      var quoted = /^\s*["“”](.+)["“”]\s*$/.exec(typed);
      return quoted && parts(quoted[1]).map(function (part) { return part.word; });
    }

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

    /** The words typed; what the archive only writes as two is the two. */
    function wordsOf(typed) {
      return [].concat.apply([], typedWords(typed).map(function (word) {
        var cut = Object.prototype.hasOwnProperty.call(archive.halves, word) && archive.halves[word];
        return cut ? [word.slice(0, cut), word.slice(cut)] : [word];
      }));
    }

    function read(typed, known) {
      var phrase = phraseOf(typed);
      if (phrase) return { phrase: phrase, words: phrase, wider: null, related: [] };
      var words = wordsOf(typed), wider = [], related = [], plain = [];
      function key(words) {
        if (words.length === 1) return singular(words[0]);
        return words.map(function (word) { return known.get(word) || stems.get(word) || singular(word); }).join("");
      }
      for (var n = 0, end; n < words.length; n = end) {
        var place;
        for (end = Math.min(words.length, n + longest); end > n; end--) {
          place = archive.keys[key(words.slice(n, end))];
          if (place !== undefined) break;
        }
        if (place === undefined) {
          plain.push(words[n]);
          end = n + 1;
        } else {
          wider.push(archive.concepts[place][0]);
          related = related.concat(archive.concepts[place][1].filter(function (label) {
            return label.replace(/ /g, "") !== words.slice(n, end).join("") && related.indexOf(label) < 0;
          }));
        }
      }
      return { phrase: null, words: asked(joined(words)), wider: related.length ? wider.concat(asked(joined(plain))) : null, related: related };
    }

    return { wordsOf: wordsOf, read: read };
  }

  return { parts: parts, singular: singular, reader: reader };
})();
