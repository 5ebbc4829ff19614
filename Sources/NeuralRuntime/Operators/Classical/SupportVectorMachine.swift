package import EngineSupport
import TensorCore

/// SVMClassifier and SVMRegressor: sums of kernels against support vectors; classifiers vote pair by pair
/// and may turn scores into probabilities.
///
/// Sources: ONNX operator specification; Wu, Lin, Weng, "Probability estimates for multi-class
/// classification by pairwise coupling", 2004 (as in LIBSVM).
package struct SupportVectorMachine: Operator {
  package static let signatures = [
    OperatorSignature(
      "SVMClassifier", domain: "ai.onnx.ml",
      attributes: [
        "classlabels_ints", "classlabels_strings", "coefficients", "kernel_params", "kernel_type",
        "post_transform", "prob_a", "prob_b", "rho", "support_vectors", "vectors_per_class",
      ], results: 2),
    OperatorSignature(
      "SVMRegressor", domain: "ai.onnx.ml",
      attributes: [
        "coefficients", "kernel_params", "kernel_type", "n_supports", "one_class",
        "post_transform", "rho", "support_vectors",
      ]),
  ]

  private let node: OperatorNode
  private let kernel: String
  private let parameters: [Float]
  private let vectors: [Float]
  private let coefficients: [Float]
  private let rho: [Float]
  private let probabilities: (a: [Float], b: [Float])
  private let perClass: [Int]
  private let labels: ClassLabels?
  private let postTransform: PostTransform
  private let isOneClass: Bool
  private let supports: Int

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    kernel = try node.string("kernel_type") ?? "LINEAR"
    guard ["LINEAR", "POLY", "RBF", "SIGMOID"].contains(kernel) else {
      throw node.invalidAttribute("kernel_type", "LINEAR, POLY, RBF or SIGMOID")
    }
    let own = try node.floats("kernel_params") ?? []
    parameters = (0..<3).map { $0 < own.count ? own[$0] : 0 }
    vectors = try node.floats("support_vectors") ?? []
    coefficients = try node.floats("coefficients") ?? []
    rho = try node.floats("rho") ?? []
    probabilities = (try node.floats("prob_a") ?? [], try node.floats("prob_b") ?? [])
    postTransform = try PostTransform(node)
    isOneClass = try node.flag("one_class")
    let perClass = try node.ints("vectors_per_class") ?? []
    guard perClass.allSatisfy({ (0...NetworkLimits.elements).contains($0) }) else {
      throw node.invalidAttribute("vectors_per_class", "numbers of vectors")
    }
    self.perClass = perClass
    labels = node.operation == "SVMClassifier" ? try ClassLabels(node) : nil
    supports =
      labels == nil ? try node.int("n_supports") ?? 0 : perClass.reduce(0, +)
    guard !rho.isEmpty, supports >= 0, supports == 0 || vectors.count % supports == 0,
      probabilities.a.count == probabilities.b.count
    else { throw node.mismatch("vectors, rho or probabilities do not fit each other") }
    try checkSizes()
  }

  private func checkSizes() throws(Diagnostic) {
    guard let labels else {
      guard supports == 0 || coefficients.count == supports else {
        throw node.mismatch("\(coefficients.count) coefficients for \(supports) vectors")
      }
      return
    }
    let count = labels.count
    if supports > 0 {
      let pairs = count * (count - 1) / 2
      guard perClass.count == count, count >= 2, count <= 1_024, rho.count == pairs,
        coefficients.count == (count - 1) * supports,
        probabilities.a.isEmpty || probabilities.a.count == pairs
      else { throw node.mismatch("vectors and coefficients do not fit \(count) classes") }
    } else {
      guard coefficients.count % count == 0 else {
        throw node.mismatch("\(coefficients.count) coefficients for \(count) classes")
      }
    }
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let rows = try FeatureRows(try node.numbers(try node.tensors(operands)[0], 0), node)
    let count = labels?.count ?? 1
    let width = supports > 0 ? vectors.count / supports : coefficients.count / count
    guard rows.width == width else {
      throw node.mismatch("samples of \(rows.width) features, not \(width)")
    }
    try budget.claim(
      [rows.count, count * count], for: node,
      work: rows.count * max(supports, 1) * (width + count))
    var chosen: [Int] = []
    var elements: [Float] = []
    for row in 0..<rows.count {
      let x = Array(rows.elements[row * width..<(row + 1) * width])
      guard labels != nil else {
        let score = regression(x)
        elements += postTransform.applied(to: [isOneClass ? (score > 0 ? 1 : -1) : score])
        continue
      }
      let (label, scores) = supports > 0 ? voted(x) : linear(x)
      chosen.append(label)
      elements += scores
    }
    let columns = rows.count == 0 ? 1 : elements.count / rows.count
    let scores = Tensor(shape: [rows.count, columns], elements: elements)
    guard let labels else { return [.tensor(scores)] }
    return [.tensor(labels.tensor(chosen)), .tensor(scores)]
  }

  private func similarity(_ x: [Float], _ other: [Float], _ start: Int) -> Float {
    let (gamma, coefficient, degree) = (parameters[0], parameters[1], parameters[2])
    var sum: Float = 0
    if kernel == "RBF" {
      for i in x.indices {
        let distance = x[i] - other[start + i]
        sum.addProduct(distance, distance)
      }
      return Float(PortableMath.exp(-Double(gamma) * Double(sum)))
    }
    for i in x.indices { sum.addProduct(x[i], other[start + i]) }
    switch kernel {
    case "POLY":
      return Float(PortableMath.pow(Double(gamma * sum + coefficient), Double(degree)))
    case "SIGMOID": return Float(PortableMath.tanh(Double(gamma * sum + coefficient)))
    default: return sum
    }
  }

  private func regression(_ x: [Float]) -> Float {
    guard supports > 0 else { return similarity(x, coefficients, 0) + rho[0] }
    var sum: Float = 0
    for vector in 0..<supports {
      sum.addProduct(coefficients[vector], similarity(x, vectors, vector * x.count))
    }
    return sum + rho[0]
  }

  /// Without support vectors each class has a row of coefficients.
  private func linear(_ x: [Float]) -> (Int, [Float]) {
    let count = coefficients.count / max(x.count, 1)
    let scores = (0..<count).map { similarity(x, coefficients, $0 * x.count) + rho[0] }
    return (
      min(ClassLabels.best(scores), (labels?.count ?? 1) - 1), postTransform.applied(to: scores)
    )
  }

  private func voted(_ x: [Float]) -> (Int, [Float]) {
    let count = perClass.count
    let kernels = (0..<supports).map { similarity(x, vectors, $0 * x.count) }
    var starts = [0]
    for number in perClass { starts.append(starts[starts.count - 1] + number) }
    var scores: [Float] = []
    var votes = [Float](repeating: 0, count: count)
    for i in 0..<count {
      for j in i + 1..<count {
        var sum: Float = 0
        for vector in starts[i]..<starts[i + 1] {
          sum.addProduct(coefficients[(j - 1) * supports + vector], kernels[vector])
        }
        for vector in starts[j]..<starts[j + 1] {
          sum.addProduct(coefficients[i * supports + vector], kernels[vector])
        }
        sum += rho[scores.count]
        scores.append(sum)
        votes[sum > 0 ? i : j] += 1
      }
    }
    // The label is that of the votes, even where the probabilities would have it otherwise (as in LIBSVM).
    let label = ClassLabels.best(votes)
    guard probabilities.a.isEmpty else { return (label, coupled(scores, count)) }
    // The one score of two classes is written as both engines, onnx.reference and onnxruntime, do.
    if count == 2, scores.count == 1 {
      return (label, postTransform.applied(to: [-scores[0], scores[0]]))
    }
    return (label, postTransform.applied(to: scores))
  }

  /// Probabilities of the classes from those of each pair, by LIBSVM's iteration.
  private func coupled(_ scores: [Float], _ count: Int) -> [Float] {
    var pairs = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    var pair = 0
    for i in 0..<count {
      for j in i + 1..<count {
        let exponent = Double(probabilities.a[pair] * scores[pair] + probabilities.b[pair])
        let share = min(max(PortableMath.sigmoid(-exponent), 1e-7), 1 - 1e-7)
        pairs[i][j] = share
        pairs[j][i] = 1 - share
        pair += 1
      }
    }
    var q = pairs
    for i in 0..<count {
      q[i][i] = (0..<count).filter { $0 != i }.reduce(0) { $0 + pairs[$1][i] * pairs[$1][i] }
      for j in 0..<count where j != i { q[i][j] = -pairs[j][i] * pairs[i][j] }
    }
    var p = [Double](repeating: 1 / Double(count), count: count)
    for _ in 0..<max(100, count) {
      var products = (0..<count).map { i in (0..<count).reduce(0) { $0 + q[i][$1] * p[$1] } }
      var total = zip(p, products).reduce(0) { $0 + $1.0 * $1.1 }
      guard products.contains(where: { abs($0 - total) > 0.005 / Double(count) }) else { break }
      for i in 0..<count {
        let change = (total - products[i]) / q[i][i]
        p[i] += change
        total =
          (total + change * (change * q[i][i] + 2 * products[i])) / (1 + change) / (1 + change)
        for j in 0..<count {
          products[j] = (products[j] + change * q[i][j]) / (1 + change)
          p[j] /= 1 + change
        }
      }
    }
    return p.map { Float($0) }
  }
}
