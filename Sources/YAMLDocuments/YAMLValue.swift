package import EngineSupport
package import Yams

/// One value of a YAML document with its place, read as the type that is expected.
package struct YAMLValue {
  package let node: Node
  package let document: String
  let family: String
  package let path: String

  package var location: SourceLocation { YAMLSection.place(node.mark, in: document, path) }

  package func wrong(_ message: String) -> Diagnostic {
    YAMLSection.wrong(node, in: document, family, path, message)
  }

  package func text() throws(Diagnostic) -> String {
    guard case .scalar(let scalar) = node else { throw wrong("expected text") }
    let text = scalar.string
    guard !text.isEmpty, text.utf8.count <= 4_096 else {
      throw wrong(text.isEmpty ? "the text is empty" : "the text is longer than 4,096 bytes")
    }
    guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\n" || $0 == "\t" }) else {
      throw wrong("the text contains a control character")
    }
    return text
  }

  /// A finite number.
  package func number() throws(Diagnostic) -> Double {
    guard case .scalar(let scalar) = node, let value = Double(scalar.string), value.isFinite else {
      throw wrong("expected a number")
    }
    return value
  }

  package var isMapping: Bool {
    if case .mapping = node { true } else { false }
  }

  package func flag() throws(Diagnostic) -> Bool {
    guard case .scalar(let scalar) = node, scalar.string == "true" || scalar.string == "false"
    else { throw wrong("expected true or false") }
    return scalar.string == "true"
  }

  package func integer(in range: ClosedRange<Int>) throws(Diagnostic) -> Int {
    guard case .scalar(let scalar) = node, let value = Int(scalar.string), range.contains(value)
    else {
      throw wrong("expected a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A member of a closed vocabulary.
  package func choice<Choice: RawRepresentable & CaseIterable>(
    of type: Choice.Type
  ) throws(Diagnostic) -> Choice where Choice.RawValue == String {
    let text = try text()
    guard let choice = Choice(rawValue: text) else {
      var diagnostic = wrong("\"\(text)\" is not known here")
      diagnostic.hint = "known: " + Choice.allCases.map(\.rawValue).sorted().joined(separator: ", ")
      throw diagnostic
    }
    return choice
  }

  package func section() throws(Diagnostic) -> YAMLSection {
    try YAMLSection(node, document: document, family: family, path: path)
  }

  /// At most 1,000 elements.
  package func elements() throws(Diagnostic) -> [YAMLValue] {
    guard case .sequence(let sequence) = node else { throw wrong("expected a list") }
    guard sequence.count <= 1_000 else { throw wrong("the list has more than 1,000 elements") }
    return sequence.enumerated().map { index, node in
      YAMLValue(node: node, document: document, family: family, path: "\(path)[\(index)]")
    }
  }
}
