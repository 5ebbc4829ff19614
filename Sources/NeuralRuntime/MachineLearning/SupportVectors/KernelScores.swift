import EngineSupport
import TensorCore

/// The scores of a support vector machine: weighted sums of a sample's similarities to vectors, plus constants.
struct KernelScores: Sendable {
  /// What a similarity is, with s the inner product and d the distance: s, (γ·s + c)ᵖ, exp(−γ·d²), tanh(γ·s + c).
  enum Kernel: String, Sendable {
    case linear = "LINEAR"
    case polynomial = "POLY"
    case radial = "RBF"
    case sigmoid = "SIGMOID"
  }

  struct Term: Sendable {
    var vector: Int
    var coefficient: Float
  }

  let kernel: Kernel
  let gamma: Float
  let offset: Float
  let degree: Float
  /// One after the other.
  let vectors: [Float]
  /// Features of a vector and of a sample.
  let width: Int
  /// For each score its vectors in the order in which they are added.
  let terms: [[Term]]
  /// For each score what is added last.
  let constants: [Float]

  var vectorCount: Int { width > 0 ? vectors.count / width : 0 }
  var termCount: Int { terms.reduce(0) { $0 + $1.count } }

  /// - Parameter vectors: As many as `count`, of any width that divides them.
  init(
    _ node: OperatorNode, vectors: [Float], count: Int, terms: [[Term]], constants: [Float]
  ) throws(Diagnostic) {
    guard let kernel = Kernel(rawValue: try node.string("kernel_type") ?? "LINEAR") else {
      throw node.invalidAttribute("kernel_type", "LINEAR, POLY, RBF or SIGMOID")
    }
    guard count > 0, vectors.count % count == 0 else {
      throw node.mismatch("\(vectors.count) numbers are not \(count) vectors")
    }
    self.kernel = kernel
    let own = try node.floats("kernel_params") ?? []
    func parameter(_ index: Int) -> Float { index < own.count ? own[index] : 0 }
    (gamma, offset, degree) = (parameter(0), parameter(1), parameter(2))
    self.vectors = vectors
    width = vectors.count / count
    self.terms = terms
    self.constants = constants
  }

  /// - Parameter start: Where the sample starts in `x`.
  func scores<S: KernelScalar>(_ x: [S], at start: Int) -> [S] {
    let similarities = (0..<vectorCount).map { similarity(x, start, $0 * width) }
    return zip(terms, constants).map { terms, constant in
      var sum: S = 0
      for term in terms { sum.addProduct(S(term.coefficient), similarities[term.vector]) }
      return sum + S(constant)
    }
  }

  /// Sums in the type's own precision, functions in `Double` and rounded once.
  private func similarity<S: KernelScalar>(_ x: [S], _ start: Int, _ vector: Int) -> S {
    let (gamma, offset) = (S(gamma), S(offset))
    var sum: S = 0
    if kernel == .radial {
      for i in 0..<width {
        let distance = x[start + i] - S(vectors[vector + i])
        sum.addProduct(distance, distance)
      }
      return S.rounding(PortableMath.exp(-gamma.real * sum.real))
    }
    for i in 0..<width { sum.addProduct(x[start + i], S(vectors[vector + i])) }
    switch kernel {
    case .polynomial:
      return S.rounding(PortableMath.pow((gamma * sum + offset).real, Double(degree)))
    case .sigmoid: return S.rounding(PortableMath.tanh((gamma * sum + offset).real))
    case .linear, .radial: return sum
    }
  }

  /// The gradient of ⟨cotangent, scores⟩ by one sample.
  func pulledBack(_ cotangent: [Double], _ x: [Double], at start: Int) -> [Double] {
    var shares = [Double](repeating: 0, count: vectorCount)
    for (terms, g) in zip(terms, cotangent) {
      for term in terms { shares[term.vector] += Double(term.coefficient) * g }
    }
    var gradient = [Double](repeating: 0, count: width)
    for (index, share) in shares.enumerated() where share != 0 {
      let vector = index * width
      let slope = share * slope(x, start, vector)
      for i in 0..<width {
        let own = Double(vectors[vector + i])
        gradient[i] += slope * (kernel == .radial ? 2 * (x[start + i] - own) : own)
      }
    }
    return gradient
  }

  /// A similarity's derivative by the inner product, or by the squared distance.
  private func slope(_ x: [Double], _ start: Int, _ vector: Int) -> Double {
    let (gamma, offset) = (Double(gamma), Double(offset))
    var sum = 0.0
    for i in 0..<width {
      let own = Double(vectors[vector + i])
      sum += kernel == .radial ? (x[start + i] - own) * (x[start + i] - own) : x[start + i] * own
    }
    switch kernel {
    case .linear: return 1
    case .radial: return -gamma * PortableMath.exp(-gamma * sum)
    case .sigmoid:
      let value = PortableMath.tanh(gamma * sum + offset)
      return gamma * (1 - value * value)
    case .polynomial:
      let degree = Double(degree)
      return degree == 0 ? 0 : gamma * degree * PortableMath.pow(gamma * sum + offset, degree - 1)
    }
  }
}
