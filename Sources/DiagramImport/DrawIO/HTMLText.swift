/// HTML labels to plain text: tags taken out, entities decoded, white space collapsed to single blanks.
enum HTMLText {
  /// - Parameter isHTML: whether the tool renders the text as HTML; if not, only tags that HTML knows are
  ///   taken out, so that `List<String>` stays whole.
  static func plain(_ text: String, isHTML: Bool) -> String {
    let stripped = strip(Array(text.utf8), isHTML: isHTML)
    // Twice: labels that went through two tools carry `&amp;nbsp;`.
    let decoded = decodeEntities(decodeEntities(stripped))
    return collapsed(String(decoding: decoded, as: UTF8.self))
  }

  /// Runs of white space (no-break spaces included) become one blank, and none at the ends.
  static func collapsed(_ text: String) -> String {
    var output = String.UnicodeScalarView()
    var pending = false
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace || scalar.value < 0x20 || scalar.value == 0x200B {
        pending = true
      } else {
        if pending, !output.isEmpty { output.append(" ") }
        pending = false
        output.append(scalar)
      }
    }
    return String(output)
  }

  // MARK: - Tags

  private static let blockTags: Set<String> = [
    "address", "article", "blockquote", "br", "center", "dd", "div", "dl", "dt", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "ul",
  ]

  private static let inlineTags: Set<String> = [
    "a", "abbr", "b", "big", "body", "code", "em", "font", "html", "i", "img", "label", "mark", "s",
    "small", "span", "strike", "strong", "sub", "sup", "svg", "tt", "u",
  ]

  private static func strip(_ text: [UInt8], isHTML: Bool) -> [UInt8] {
    guard text.contains(UInt8(ascii: "<")) else { return text }
    let lastClose = text.lastIndex(of: UInt8(ascii: ">")) ?? -1
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      guard text[position] == UInt8(ascii: "<"), position < lastClose,
        let tag = tag(in: text, at: position, isHTML: isHTML)
      else {
        output.append(text[position])
        position += 1
        continue
      }
      let isBlock = blockTags.contains(tag.name)
      let isKnown = isBlock || inlineTags.contains(tag.name) || tag.name == "!--"
      guard tag.isClosed || isKnown else {
        // What opens and never closes is text, and so is all that follows: looking again from each
        // further '<' would take quadratic time.
        output.append(contentsOf: text[position...])
        break
      }
      if isBlock { output.append(UInt8(ascii: " ")) }
      let isClosing = text[position + 1] == UInt8(ascii: "/")
      position = tag.end
      if !isClosing, tag.name == "style" || tag.name == "script" {
        while position < text.count, !closes(tag.name, in: text, at: position) { position += 1 }
      }
    }
    return output
  }

  /// The lower-case name of the tag (outside HTML: of one that HTML knows) that begins at `start` and the position after its `>`; an unfinished
  /// tag reaches to the end, as in a browser.
  private static func tag(
    in text: [UInt8], at start: Int, isHTML: Bool
  ) -> (name: String, end: Int, isClosed: Bool)? {
    var position = start + 1
    if text[position...].starts(with: "!--".utf8) {
      while position < text.count {
        if text[position] == UInt8(ascii: "-"), text[position...].starts(with: "-->".utf8) {
          return ("!--", position + 3, true)
        }
        position += 1
      }
      return ("!--", text.count, false)
    }
    if position < text.count, text[position] == UInt8(ascii: "/") { position += 1 }
    let nameStart = position
    while position < text.count, isNameByte(text[position]) { position += 1 }
    guard position > nameStart, isLetter(text[nameStart]) else { return nil }
    let name = String(decoding: text[nameStart..<position], as: UTF8.self).lowercased()
    guard isHTML || blockTags.contains(name) || inlineTags.contains(name) else { return nil }
    var quote: UInt8?
    while position < text.count {
      let byte = text[position]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: ">") {
        return (name, position + 1, true)
      }
      position += 1
    }
    return (name, text.count, false)
  }

  private static func closes(_ name: String, in text: [UInt8], at position: Int) -> Bool {
    text[position] == UInt8(ascii: "<")
      && String(decoding: text[position...].prefix(name.utf8.count + 2), as: UTF8.self)
        .lowercased() == "</" + name
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || (0x30...0x39).contains(byte)
  }

  // MARK: - Entities

  private static let entities: [String: Unicode.Scalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "ensp": " ",
    "emsp": " ", "thinsp": " ", "copy": "©", "reg": "®", "trade": "™", "hellip": "…", "ndash": "–",
    "mdash": "—", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "laquo": "«",
    "raquo": "»", "bull": "•", "middot": "·", "deg": "°", "plusmn": "±", "times": "×",
    "divide": "÷", "micro": "µ", "euro": "€", "pound": "£", "sect": "§", "larr": "←", "uarr": "↑",
    "rarr": "→", "darr": "↓", "harr": "↔", "le": "≤", "ge": "≥", "ne": "≠", "asymp": "≈",
    "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü", "szlig": "ß",
    "aacute": "á", "eacute": "é", "iacute": "í", "oacute": "ó", "uacute": "ú", "agrave": "à",
    "egrave": "è", "acirc": "â", "ecirc": "ê", "ocirc": "ô", "ccedil": "ç", "ntilde": "ñ",
    "Omega": "Ω", "alpha": "α", "beta": "β", "Delta": "Δ", "mu": "μ", "pi": "π", "shy": "\u{AD}",
  ]

  private static func decodeEntities(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(UInt8(ascii: "&")) else { return text }
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      let byte = text[position]
      if byte == UInt8(ascii: "&"),
        let end = text[position...].prefix(12).firstIndex(of: UInt8(ascii: ";")),
        let scalar = scalar(named: text[(position + 1)..<end])
      {
        output.append(contentsOf: Character(scalar).utf8)
        position = end + 1
      } else {
        output.append(byte)
        position += 1
      }
    }
    return output
  }

  private static func scalar(named name: ArraySlice<UInt8>) -> Unicode.Scalar? {
    let text = String(decoding: name, as: UTF8.self)
    guard text.hasPrefix("#") else { return entities[text] }
    let digits = text.dropFirst()
    let isHexadecimal = digits.hasPrefix("x") || digits.hasPrefix("X")
    let number =
      isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
    return number.flatMap { $0 == 0 ? nil : Unicode.Scalar($0) }
  }
}
