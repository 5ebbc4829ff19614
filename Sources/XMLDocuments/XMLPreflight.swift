import EngineSupport

/// One pass over the bytes before libxml2 sees them, for what it would accept or take quadratic time over.
///
/// - Only UTF-8 is read (draw.io writes nothing else); other encodings could hide tags from this pass.
/// - A NUL byte after the root element would end the document silently.
/// - libxml2 compares the attributes of one element pairwise.
struct XMLPreflight {
  private let bytes: [UInt8]
  private let origin: XMLOrigin
  private let subject: String?
  private let limits: XMLLimits

  static func check(
    _ bytes: [UInt8], from origin: XMLOrigin, subject: String?, limits: XMLLimits
  ) throws(Diagnostic) {
    let preflight = XMLPreflight(bytes: bytes, origin: origin, subject: subject, limits: limits)
    try preflight.checkSize()
    try preflight.checkEncoding()
    try preflight.checkTags()
  }

  private func failure(_ code: Diagnostic.Code, _ message: String, at offset: Int) -> Diagnostic {
    var line = 1
    var lineStart = 0
    for index in 0..<min(offset, bytes.count) where bytes[index] == 0x0A {
      line += 1
      lineStart = index + 1
    }
    return Diagnostic(
      code, message,
      at: origin.location(line: line, column: offset - lineStart + 1, subject: subject))
  }

  private func checkSize() throws(Diagnostic) {
    guard !bytes.isEmpty else { throw failure("import.xml.malformed", "the file is empty", at: 0) }
    guard bytes.count <= limits.documentBytes else {
      throw failure(
        "import.xml.too-large",
        "\(bytes.count) bytes of XML are more than the limit of \(limits.documentBytes)", at: 0)
    }
  }

  private func checkEncoding() throws(Diagnostic) {
    if let zero = bytes.firstIndex(of: 0) {
      throw failure(
        "import.xml.encoding", "a NUL byte: the file is not XML in UTF-8", at: zero)
    }
    guard let label = declaredEncoding else { return }
    guard ["utf-8", "utf8", "us-ascii", "ascii"].contains(label.lowercased()) else {
      throw failure(
        "import.xml.encoding", "the file says it is encoded in \(label); only UTF-8 is read", at: 0)
    }
  }

  /// The encoding of the XML declaration, if there is one.
  private var declaredEncoding: String? {
    var start = 0
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
    guard bytes[start...].starts(with: "<?xml".utf8) else { return nil }
    let head = bytes[start..<min(bytes.count, start + 512)]
    let end = head.firstIndex(of: UInt8(ascii: ">")) ?? head.endIndex
    let declaration = String(decoding: head[..<end], as: UTF8.self)
    let parts = declaration.split(separator: "encoding", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    let value = parts[1].drop { $0 == " " || $0 == "=" || $0 == "\t" || $0 == "\n" || $0 == "\r" }
    guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
    return String(value.dropFirst().prefix { $0 != quote })
  }

  private func checkTags() throws(Diagnostic) {
    var position = 0
    while position < bytes.count {
      guard bytes[position] == UInt8(ascii: "<") else {
        position += 1
        continue
      }
      if starts("<!--", at: position) {
        position = end(of: "-->", from: position + 4)
      } else if starts("<![CDATA[", at: position) {
        position = end(of: "]]>", from: position + 9)
      } else if starts("<?", at: position) {
        position = end(of: "?>", from: position + 2)
      } else {
        position = try endOfTag(from: position)
      }
    }
  }

  /// Counts the quoted values of one tag; returns the position after its `>`.
  private func endOfTag(from start: Int) throws(Diagnostic) -> Int {
    var position = start + 1
    var quote: UInt8?
    var values = 0
    var valueStart = position
    while position < bytes.count {
      let byte = bytes[position]
      if let open = quote {
        if byte == open {
          quote = nil
          guard position - valueStart <= limits.textBytes else {
            throw failure(
              "import.xml.too-large", "an attribute is longer than \(limits.textBytes) bytes",
              at: start)
          }
        }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
        values += 1
        valueStart = position
        guard values <= limits.attributesPerElement else {
          throw failure(
            "import.xml.too-large",
            "an element has more than \(limits.attributesPerElement) attributes", at: start)
        }
      } else if byte == UInt8(ascii: ">") {
        return position + 1
      }
      position += 1
    }
    return position
  }

  private func starts(_ text: String, at position: Int) -> Bool {
    bytes[position...].starts(with: text.utf8)
  }

  private func end(of text: String, from position: Int) -> Int {
    let mark = Array(text.utf8)
    var position = position
    while position + mark.count <= bytes.count {
      if bytes[position] == mark[0], bytes[position...].starts(with: mark) {
        return position + mark.count
      }
      position += 1
    }
    return bytes.count
  }
}
