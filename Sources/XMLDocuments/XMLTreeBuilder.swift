import CLibXML2
import EngineSupport

/// Receives libxml2's SAX2 events and builds the flat tree; stops the parser at the first broken limit.
@safe
final class XMLTreeBuilder {
  private(set) var budget: XMLBudget
  private let source: [UInt8]
  private let origin: XMLOrigin
  private let subject: String?
  private let doctype: XMLReader.DoctypePolicy
  private var context: xmlParserCtxtPtr?

  private var elements: [XMLElement] = []
  /// Open elements, outermost first, each with the character data seen so far.
  private var open: [(element: Int, text: [UInt8])] = []
  /// Names are interned by libxml2, so a pointer stands for a name within one parse.
  private var names: [UnsafePointer<xmlChar>: String] = unsafe [:]
  private var namespaces = 0
  private var failure: Diagnostic?
  private var firstError: Diagnostic?

  /// How far lines have been counted in `source`: tags come in document order, so one pass suffices.
  private var counted = (offset: 0, line: 1, lineStart: 0)

  init(
    source: [UInt8], origin: XMLOrigin, subject: String?, doctype: XMLReader.DoctypePolicy,
    budget: XMLBudget
  ) {
    self.source = source
    self.origin = origin
    self.subject = subject
    self.doctype = doctype
    self.budget = budget
  }

  func result(isWellFormed: Bool) throws(Diagnostic) -> XMLTree {
    if let failure { throw failure }
    if let firstError, !isWellFormed { throw firstError }
    guard isWellFormed, !elements.isEmpty, open.isEmpty else {
      throw Diagnostic(
        "import.xml.malformed", "the document ends too early",
        at: origin.location(line: counted.line, column: nil, subject: subject))
    }
    return XMLTree(elements: elements)
  }

  // MARK: - Driving the parser

  func parse(with context: xmlParserCtxtPtr) {
    unsafe self.context = unsafe context
    let user = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe context.pointee.userData = unsafe user
    unsafe installHandlers(context.pointee.sax)
    withExtendedLifetime(self) { _ = unsafe xmlParseDocument(context) }
    unsafe self.context = nil
  }

  private static func builder(_ user: UnsafeMutableRawPointer?) -> XMLTreeBuilder? {
    guard let user = unsafe user else { return nil }
    return unsafe Unmanaged<XMLTreeBuilder>.fromOpaque(user).takeUnretainedValue()
  }

  private func installHandlers(_ sax: UnsafeMutablePointer<xmlSAXHandler>) {
    unsafe sax.pointee.startElementNs = {
      user, name, prefix, uri, namespaces, _, attributes, _, values in
      unsafe XMLTreeBuilder.builder(user)?.start(
        name, prefix, uri, namespaces: Int(namespaces), attributes: Int(attributes), values)
    }
    unsafe sax.pointee.endElementNs = { user, _, _, _ in
      unsafe XMLTreeBuilder.builder(user)?.end()
    }
    unsafe sax.pointee.characters = { user, text, length in
      unsafe XMLTreeBuilder.builder(user)?.characters(text, Int(length))
    }
    unsafe sax.pointee.internalSubset = { user, name, _, _ in
      unsafe XMLTreeBuilder.builder(user)?.documentType(name)
    }
    unsafe sax.pointee.getEntity = { user, name in
      unsafe XMLTreeBuilder.builder(user)?.entity(name)
      return nil
    }
    unsafe sax.pointee.getParameterEntity = { user, name in
      unsafe XMLTreeBuilder.builder(user)?.entity(name)
      return nil
    }
    unsafe sax.pointee.serror = { user, error in
      guard let error = unsafe error else { return }
      unsafe XMLTreeBuilder.builder(user)?.record(error.pointee)
    }
  }

  private func stop(_ code: Diagnostic.Code, _ message: String, line: Int, column: Int?) {
    if failure == nil {
      failure = Diagnostic(
        code, message, at: origin.location(line: line, column: column, subject: subject))
    }
    if let context = unsafe context { unsafe xmlStopParser(context) }
  }

  private func stopHere(_ code: Diagnostic.Code, _ message: String) {
    var place = (line: counted.line, column: Int?.none)
    if let input = unsafe context?.pointee.input {
      place = unsafe (Int(input.pointee.line), Int(input.pointee.col))
    }
    stop(code, message, line: place.line, column: place.column)
  }

  // MARK: - Events

  private func start(
    _ name: UnsafePointer<xmlChar>?, _ prefix: UnsafePointer<xmlChar>?,
    _ uri: UnsafePointer<xmlChar>?, namespaces: Int, attributes: Int,
    _ values: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
  ) {
    guard failure == nil, let context = unsafe context else { return }
    let offset = unsafe Int(clamping: bartizan_xml_tag_offset(context))
    let (line, column) = position(of: offset)
    guard open.count < budget.limits.depth else {
      stop(
        "import.xml.too-deep", "elements are nested more than \(budget.limits.depth) deep",
        line: line, column: column)
      return
    }
    self.namespaces += namespaces
    budget.elements -= 1
    budget.attributes -= attributes
    guard self.namespaces <= budget.limits.namespaces, budget.elements >= 0, budget.attributes >= 0
    else {
      stop(
        "import.xml.too-large", "too many elements, attributes or namespaces",
        line: line, column: column)
      return
    }
    var list: [XMLAttribute] = []
    list.reserveCapacity(attributes)
    if let values = unsafe values {
      for index in 0..<attributes {
        let base = index * 5
        list.append(
          XMLAttribute(
            name: unsafe qualified(values[base], values[base + 1], values[base + 2]),
            value: unsafe text(from: values[base + 3], to: values[base + 4])))
      }
    }
    let element = elements.count
    elements.append(
      XMLElement(
        name: unsafe qualified(name, prefix, uri), attributes: list, parent: open.last?.element,
        subtreeEnd: element + 1, line: line, column: column))
    if let parent = open.last?.element { elements[parent].children.append(element) }
    open.append((element, []))
  }

  private func end() {
    guard failure == nil, let (element, text) = open.popLast() else { return }
    elements[element].subtreeEnd = elements.count
    if text.contains(where: { !Self.isBlank($0) }) {
      elements[element].text = String(decoding: text, as: UTF8.self)
    }
  }

  private func characters(_ text: UnsafePointer<xmlChar>?, _ length: Int) {
    guard failure == nil, let text = unsafe text, length > 0, !open.isEmpty else { return }
    let piece = unsafe UnsafeBufferPointer(start: text, count: length)
    let top = open.count - 1
    // The indentation between elements is the bulk of a pretty-printed file.
    if open[top].text.isEmpty, unsafe piece.allSatisfy(Self.isBlank) { return }
    guard open[top].text.count + length <= budget.limits.textBytes else {
      stopHere("import.xml.too-large", "a text is longer than \(budget.limits.textBytes) bytes")
      return
    }
    unsafe open[top].text.append(contentsOf: piece)
  }

  private func documentType(_ name: UnsafePointer<xmlChar>?) {
    let name = unsafe name.map { unsafe String(cString: $0) } ?? ""
    if case .passedOver(let accepted) = doctype, accepted == name, let context = unsafe context,
      unsafe bartizan_xml_has_internal_subset(context) == 0
    {
      return
    }
    stopHere("import.xml.doctype", "a document type declaration (DOCTYPE \(name)) is not accepted")
  }

  private func entity(_ name: UnsafePointer<xmlChar>?) {
    let name = unsafe name.map { unsafe String(cString: $0) } ?? ""
    stopHere("import.xml.entity", "the entity &\(name); is not declared")
  }

  private func record(_ error: xmlError) {
    guard firstError == nil, unsafe error.level == XML_ERR_FATAL else { return }
    let raw = unsafe error.message.map { unsafe String(cString: $0) } ?? "not well-formed XML"
    let message = raw.split(whereSeparator: \.isNewline).first.map(String.init) ?? raw
    let isSize = message.contains("too long") || message.contains("Excessive depth")
    firstError = Diagnostic(
      isSize ? "import.xml.too-large" : "import.xml.malformed", message,
      at: unsafe origin.location(
        line: max(1, Int(error.line)), column: max(1, Int(error.int2)), subject: subject))
  }

  // MARK: - Names, values, places

  private func qualified(
    _ name: UnsafePointer<xmlChar>?, _ prefix: UnsafePointer<xmlChar>?,
    _ uri: UnsafePointer<xmlChar>?
  ) -> String {
    let local = unsafe interned(name)
    if unsafe uri != nil { return unsafe "{\(interned(uri))}\(local)" }
    // A prefix that nobody declared: kept, so that the name cannot pass for one without.
    if unsafe prefix != nil { return unsafe "\(interned(prefix)):\(local)" }
    return local
  }

  private func interned(_ name: UnsafePointer<xmlChar>?) -> String {
    guard let name = unsafe name else { return "" }
    if let known = unsafe names[name] { return known }
    let text = unsafe String(cString: name)
    unsafe names[name] = text
    return text
  }

  private func text(
    from start: UnsafePointer<xmlChar>?, to end: UnsafePointer<xmlChar>?
  ) -> String {
    guard let start = unsafe start, let end = unsafe end else { return "" }
    let value = unsafe UnsafeBufferPointer(start: start, count: max(0, end - start))
    guard unsafe value.contains(UInt8(ascii: "&")) else {
      return unsafe String(decoding: value, as: UTF8.self)
    }
    return unsafe String(decoding: Self.unescapedAmpersands(Array(value)), as: UTF8.self)
  }

  /// Without entity substitution libxml2 hands every `&` of an attribute value over as `&#38;` (for its
  /// own tree builder to read again), so this replacement is exact.
  private static func unescapedAmpersands(_ value: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(value.count)
    var position = 0
    while position < value.count {
      output.append(value[position])
      let isEscape =
        value[position] == UInt8(ascii: "&") && value[position...].starts(with: "&#38;".utf8)
      position += isEscape ? 5 : 1
    }
    return output
  }

  private func position(of offset: Int) -> (line: Int, column: Int) {
    while counted.offset < min(offset, source.count) {
      if source[counted.offset] == 0x0A {
        counted.line += 1
        counted.lineStart = counted.offset + 1
      }
      counted.offset += 1
    }
    return (counted.line, max(1, offset - counted.lineStart + 1))
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D
  }
}
