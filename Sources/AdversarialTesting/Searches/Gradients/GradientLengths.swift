/// The lengths of a gradient that step sizes and distances to a boundary are made of.
struct GradientLengths {
  /// The Euclidean length.
  let euclidean: Double
  /// The length in the dual of a norm: how fast the loss grows along the norm's steepest direction.
  let dual: Double

  init(
    _ gradient: [Float], from: Int, count: Int, norm: PerturbationNorm, shares: [Double]
  ) {
    var square = 0.0
    var sum = 0.0
    var largest = 0.0
    for index in 0..<count {
      let slope = abs(Double(gradient[from + index]))
      square += slope * slope
      sum += slope * shares[index]
      largest = max(largest, slope)
    }
    euclidean = square.squareRoot()
    switch norm {
    case .linf: dual = sum
    case .l2: dual = euclidean
    case .l1, .l0: dual = largest
    }
  }
}
