package import EngineSupport
import TensorCore

/// TfIdfVectorizer: how often each n-gram of a list occurs in a row of words or numbers, also with words
/// left out between.
///
/// Weights go by the place of the n-gram in the output, as in onnx.reference and onnxruntime.
package struct TermFrequency: Operator {
  package static let signatures = [
    OperatorSignature(
      "TfIdfVectorizer", opsets: 9...OperatorSignature.newestOpset,
      attributes: [
        "max_gram_length", "max_skip_count", "min_gram_length", "mode", "ngram_counts",
        "ngram_indexes", "pool_int64s", "pool_strings", "weights",
      ])
  ]

  private let node: OperatorNode
  private let lengths: ClosedRange<Int>
  private let skips: Int
  private let mode: String
  private let weights: [Float]
  private let columns: Int
  /// n-grams, their elements as text, with their columns.
  private let grams: [[String]: Int]

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    let shortest = try node.int("min_gram_length") ?? 1
    let longest = try node.int("max_gram_length") ?? 1
    skips = try node.int("max_skip_count") ?? 0
    mode = try node.string("mode") ?? "TF"
    weights = try node.floats("weights") ?? []
    let starts = try node.ints("ngram_counts") ?? []
    let indexes = try node.ints("ngram_indexes") ?? []
    let numbers = try node.ints("pool_int64s")?.map { "\($0)" }
    let pool = try node.strings("pool_strings") ?? numbers ?? []
    guard shortest >= 1, longest >= shortest, longest <= 64, (0...1_024).contains(skips),
      ["IDF", "TF", "TFIDF"].contains(mode)
    else {
      throw node.unsupported("n-grams of \(shortest) to \(longest), \(skips) left out, \(mode)")
    }
    lengths = shortest...longest
    guard indexes.allSatisfy({ (0..<NetworkLimits.elements).contains($0) }) else {
      throw node.invalidAttribute("ngram_indexes", "columns of the output")
    }
    columns = (indexes.max() ?? -1) + 1
    guard weights.isEmpty || weights.count >= columns else {
      throw node.invalidAttribute("weights", "one number for each column")
    }
    var grams: [[String]: Int] = [:]
    var row = 0
    for (position, start) in starts.enumerated() {
      let end = position + 1 < starts.count ? starts[position + 1] : pool.count
      guard 0 <= start, start <= end, end <= pool.count, (end - start) % (position + 1) == 0 else {
        throw node.invalidAttribute("ngram_counts", "where the n-grams of each length start")
      }
      for place in stride(from: start, to: end, by: position + 1) {
        guard row < indexes.count else {
          throw node.invalidAttribute("ngram_indexes", "one column for each n-gram")
        }
        if lengths.contains(position + 1) {
          grams[Array(pool[place..<place + position + 1])] = indexes[row]
        }
        row += 1
      }
    }
    self.grams = grams
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.tensor(operands[0], 0)
    guard tensor.rank == 1 || tensor.rank == 2 else {
      throw node.mismatch("\(tensor.shape) is no list of words and no table")
    }
    let words: [String]
    if let text = tensor as? Tensor<String> {
      words = text.elements
    } else {
      words = try node.integers(tensor, 0).map { "\($0)" }
    }
    let width = tensor.shape[tensor.rank - 1]
    let shape = Array(tensor.shape.dropLast()) + [columns]
    let count = try budget.claim(shape, for: node)
    let steps = lengths.upperBound * lengths.count
    try budget.spend((skips + 1) * steps * words.count, for: node)
    var counts = [Float](repeating: 0, count: count)
    for row in 0..<(width == 0 ? 0 : words.count / width) {
      let line = words[row * width..<(row + 1) * width]
      for length in lengths {
        for skip in 0...(length == 1 ? 0 : skips) {
          let reach = (length - 1) * (skip + 1)
          for first in line.startIndex..<max(line.endIndex - reach, line.startIndex) {
            let gram = (0..<length).map { line[first + $0 * (skip + 1)] }
            if let column = grams[gram] { counts[row * columns + column] += 1 }
          }
        }
      }
    }
    let values = counts.indices.map { index -> Float in
      let weight = weights.isEmpty ? 1 : weights[index % columns]
      switch mode {
      case "TF": return counts[index]
      case "IDF": return counts[index] > 0 ? weight : 0
      default: return counts[index] * weight
      }
    }
    return [.tensor(Tensor(shape: shape, elements: values))]
  }
}
