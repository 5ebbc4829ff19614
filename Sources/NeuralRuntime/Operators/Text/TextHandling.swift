package import EngineSupport
import TensorCore

/// StringConcat, StringNormalizer, StringSplit: text as it comes before a model's numbers.
package struct TextHandling: Operator {
  package static let signatures = [
    OperatorSignature(
      "StringConcat", opsets: 20...OperatorSignature.newestOpset, operands: 2...2),
    OperatorSignature(
      "StringNormalizer", opsets: 10...OperatorSignature.newestOpset,
      attributes: ["case_change_action", "is_case_sensitive", "locale", "stopwords"]),
    OperatorSignature(
      "StringSplit", opsets: 20...OperatorSignature.newestOpset,
      attributes: ["delimiter", "maxsplit"], results: 2),
  ]

  private let node: OperatorNode
  private let caseChange: String
  private let isCaseSensitive: Bool
  private let stopWords: [String]
  private let delimiter: String
  private let mostSplits: Int?

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    caseChange = try node.string("case_change_action") ?? "NONE"
    guard ["NONE", "LOWER", "UPPER"].contains(caseChange) else {
      throw node.invalidAttribute("case_change_action", "NONE, LOWER or UPPER")
    }
    isCaseSensitive = try node.flag("is_case_sensitive")
    stopWords = try node.strings("stopwords") ?? []
    delimiter = try node.string("delimiter") ?? ""
    mostSplits = try node.int("maxsplit")
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensors = try node.tensors(operands)
    guard let texts = tensors as? [Tensor<String>] else { throw node.wrongTypes(tensors) }
    switch node.operation {
    case "StringConcat":
      guard let walk = Broadcasting(texts[0].shape, texts[1].shape) else {
        throw node.mismatch("\(texts[0].shape) and \(texts[1].shape) cannot be broadcast together")
      }
      let longest = texts.reduce(0) { $0 + ($1.elements.map(\.utf8.count).max() ?? 0) }
      let count = walk.shape.reduce(1, *)
      try budget.claim([count, 1 + longest / 4], for: node)
      return [.tensor(walk.pairs(texts[0].elements, texts[1].elements) { $0 + $1 })]
    case "StringSplit": return try split(texts[0], within: &budget)
    default: return [.tensor(try normalized(texts[0]))]
    }
  }

  private func normalized(_ texts: Tensor<String>) throws(Diagnostic) -> any AnyTensor {
    guard texts.rank == 1 || texts.rank == 2 && texts.shape[0] == 1 else {
      throw node.mismatch("text of the shape \(texts.shape)")
    }
    let stops = Set(isCaseSensitive ? stopWords : stopWords.map { $0.lowercased() })
    var kept = texts.elements.filter { !stops.contains(isCaseSensitive ? $0 : $0.lowercased()) }
    if caseChange == "LOWER" { kept = kept.map { $0.lowercased() } }
    if caseChange == "UPPER" { kept = kept.map { $0.uppercased() } }
    if kept.isEmpty { kept = [""] }
    return Tensor(shape: texts.rank == 1 ? [kept.count] : [1, kept.count], elements: kept)
  }

  private func split(
    _ texts: Tensor<String>, within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let parts = texts.elements.map { pieces(of: $0) }
    let width = parts.map(\.count).max() ?? 0
    let shape = texts.shape + [width]
    try budget.claim(shape, for: node)
    let padded = parts.flatMap { $0 + [String](repeating: "", count: width - $0.count) }
    return [
      .tensor(Tensor(shape: shape, elements: padded)),
      .tensor(Tensor(shape: texts.shape, elements: parts.map { Int64($0.count) })),
    ]
  }

  /// Without a delimiter text is cut at runs of white space.
  private func pieces(of text: String) -> [String] {
    let most = max(mostSplits ?? .max, 0)
    if delimiter.isEmpty {
      let trimmed = text.drop { $0.isWhitespace }
      let parts = trimmed.split(maxSplits: most, whereSeparator: \.isWhitespace).map {
        $0.drop(while: \.isWhitespace)
      }
      return parts.filter { !$0.isEmpty }.map(String.init)
    }
    guard !text.isEmpty else { return [] }
    var parts: [String] = []
    var rest = text[...]
    while parts.count < most, let range = rest.firstRange(of: delimiter) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
