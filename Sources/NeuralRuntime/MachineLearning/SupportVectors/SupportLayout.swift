import EngineSupport

/// How the attributes of a support vector machine lie in the file: vectors by class, and coefficients for each class
/// against every other one.
///
/// Source: ONNX operator specification, SVMClassifier and SVMRegressor (LIBSVM's model format).
struct SupportLayout {
  let labels: ClassLabels?
  let supports: Int
  private let vectors: [Float]
  private let coefficients: [Float]
  private let rho: [Float]
  private let perClass: [Int]

  /// Errors: `onnx.attribute.invalid`, and `onnx.shape.mismatch` for lists that do not fit each other.
  init(_ node: OperatorNode) throws(Diagnostic) {
    vectors = try node.floats("support_vectors") ?? []
    coefficients = try node.floats("coefficients") ?? []
    rho = try node.floats("rho") ?? []
    let perClass = try node.ints("vectors_per_class") ?? []
    guard perClass.allSatisfy({ (0...NetworkLimits.elements).contains($0) }) else {
      throw node.invalidAttribute("vectors_per_class", "numbers of vectors")
    }
    self.perClass = perClass
    labels = node.operation == "SVMClassifier" ? try ClassLabels(node) : nil
    supports = labels == nil ? try node.int("n_supports") ?? 0 : perClass.reduce(0, +)
    guard !rho.isEmpty, supports >= 0, supports == 0 || vectors.count % supports == 0 else {
      throw node.mismatch("vectors or rho do not fit each other")
    }
    guard let labels else {
      guard supports == 0 || coefficients.count == supports else {
        throw node.mismatch("\(coefficients.count) coefficients for \(supports) vectors")
      }
      return
    }
    let count = labels.count
    guard supports > 0 else {
      guard !coefficients.isEmpty, coefficients.count % count == 0 else {
        throw node.mismatch("\(coefficients.count) coefficients for \(count) classes")
      }
      return
    }
    guard perClass.count == count, count >= 2, count <= 1_024,
      rho.count == count * (count - 1) / 2,
      coefficients.count / supports == count - 1, coefficients.count % supports == 0
    else { throw node.mismatch("vectors and coefficients do not fit \(count) classes") }
  }

  /// Without support vectors each class, or the one value of a regressor, has a row of coefficients of its own.
  func kernels(_ node: OperatorNode) throws(Diagnostic) -> KernelScores {
    guard supports > 0 else {
      let count = labels?.count ?? 1
      return try KernelScores(
        node, vectors: coefficients, count: count,
        terms: (0..<count).map { [KernelScores.Term(vector: $0, coefficient: 1)] },
        constants: Array(repeating: rho[0], count: count))
    }
    guard labels != nil else {
      let terms = coefficients.enumerated().map {
        KernelScores.Term(vector: $0, coefficient: $1)
      }
      return try KernelScores(
        node, vectors: vectors, count: supports, terms: [terms], constants: [rho[0]])
    }
    return try KernelScores(
      node, vectors: vectors, count: supports, terms: pairs, constants: rho)
  }

  /// For each pair of classes the vectors of both, each with its coefficient against the other class.
  private var pairs: [[KernelScores.Term]] {
    var starts = [0]
    for number in perClass { starts.append(starts[starts.count - 1] + number) }
    var pairs: [[KernelScores.Term]] = []
    for i in perClass.indices {
      for j in i + 1..<perClass.count {
        pairs.append(
          (starts[i]..<starts[i + 1]).map {
            KernelScores.Term(vector: $0, coefficient: coefficients[(j - 1) * supports + $0])
          }
            + (starts[j]..<starts[j + 1]).map {
              KernelScores.Term(vector: $0, coefficient: coefficients[i * supports + $0])
            })
      }
    }
    return pairs
  }

  /// nil where the file has no parameters for probabilities, or no vectors to vote.
  func coupling(_ node: OperatorNode) throws(Diagnostic) -> PairwiseCoupling? {
    let slopes = try node.floats("prob_a") ?? []
    let shifts = try node.floats("prob_b") ?? []
    guard slopes.count == shifts.count, slopes.isEmpty || supports == 0 || slopes.count == rho.count
    else {
      throw node.mismatch("\(slopes.count) and \(shifts.count) numbers for \(rho.count) pairs")
    }
    guard let labels, supports > 0, !slopes.isEmpty else { return nil }
    return PairwiseCoupling(classes: labels.count, slopes: slopes, shifts: shifts)
  }
}
