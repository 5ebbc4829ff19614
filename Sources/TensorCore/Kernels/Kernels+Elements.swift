import CKernels

/// Operations on elements in their places, sums, functions and softmax.
extension Kernels {
  package enum BinaryOperation: Int32, Sendable, CaseIterable {
    case add, subtract, multiply, divide
    /// The greater; NaN where there is one.
    case maximum
    case minimum
  }

  /// Functions as `PortableMath` computes them.
  package enum Function: Int32, Sendable, CaseIterable {
    case exp, tanh, sigmoid, erf
    /// 1 − y² for y = tanh x, and y · (1 − y) for y = sigmoid x.
    case tanhSlope, sigmoidSlope
  }

  /// y[i] = a[i] op b[i]; an operand of one element stands for all. y may be a or b.
  package func apply(
    _ operation: BinaryOperation, count: Int, _ a: UnsafeBufferPointer<S>,
    _ b: UnsafeBufferPointer<S>, to y: UnsafeMutableBufferPointer<S>
  ) {
    let steps = (a.count == 1 ? 0 : 1, b.count == 1 ? 0 : 1)
    guard count > 0, let left = unsafe a.start(holding: steps.0 == 0 ? 1 : count),
      let right = unsafe b.start(holding: steps.1 == 0 ? 1 : count),
      let target = unsafe y.start(holding: count)
    else { return }
    unsafe table.pointee.binary(
      operation.rawValue, count, left, steps.0, right, steps.1, target)
  }

  /// y[i] = a[i] · b[i] + c[i], rounded once; y may be any of them.
  package func multiplyAdd(
    count: Int, _ a: UnsafeBufferPointer<S>, _ b: UnsafeBufferPointer<S>,
    _ c: UnsafeBufferPointer<S>, to y: UnsafeMutableBufferPointer<S>
  ) {
    guard count > 0, let left = unsafe a.start(holding: count),
      let right = unsafe b.start(holding: count), let sum = unsafe c.start(holding: count),
      let target = unsafe y.start(holding: count)
    else { return }
    unsafe table.pointee.multiply_add(count, left, right, sum, target)
  }

  /// y[i] = epilogue(x[i]); y may be x.
  package func activate(
    _ epilogue: KernelEpilogue, count: Int, _ x: UnsafeBufferPointer<S>,
    to y: UnsafeMutableBufferPointer<S>
  ) {
    guard count > 0, let source = unsafe x.start(holding: count),
      let target = unsafe y.start(holding: count)
    else { return }
    unsafe table.pointee.activation(
      epilogue.code, epilogue.low, epilogue.high, count, source, target)
  }

  /// The cotangent times the derivative at x: 0 for relu and the slope for leaky at 0, 1 for clip at its
  /// bounds. y may be g.
  package func activationGradient(
    _ epilogue: KernelEpilogue, count: Int, at x: UnsafeBufferPointer<S>,
    cotangent g: UnsafeBufferPointer<S>, to y: UnsafeMutableBufferPointer<S>
  ) {
    guard count > 0, let source = unsafe x.start(holding: count),
      let cotangent = unsafe g.start(holding: count), let target = unsafe y.start(holding: count)
    else { return }
    unsafe table.pointee.activation_gradient(
      epilogue.code, epilogue.low, epilogue.high, count, source, cotangent, target)
  }

  /// y = (x − mean[c]) · factor[c] + bias[c] in three roundings, over planes of `plane` elements whose
  /// channel c is the plane's number modulo `factor.count`. y may be x.
  package func scaleAndShift(
    planes: Int, plane: Int, _ x: UnsafeBufferPointer<S>, mean: UnsafeBufferPointer<S>?,
    factor: UnsafeBufferPointer<S>, bias: UnsafeBufferPointer<S>?,
    to y: UnsafeMutableBufferPointer<S>
  ) {
    precondition(planes >= 0 && plane >= 0, "sizes are not negative")
    let channels = factor.count
    precondition(
      unsafe channels > 0 && (mean?.count ?? channels) >= channels
        && (bias?.count ?? channels) >= channels, "a value for each channel")
    guard let source = unsafe x.start(holding: planes * plane),
      let target = unsafe y.start(holding: planes * plane), let factors = factor.baseAddress
    else { return }
    unsafe table.pointee.scale_and_shift(
      planes, channels, plane, source, mean?.baseAddress, factors, bias?.baseAddress, target)
  }

  /// Sums of rows that lie side by side: 16 lanes in ascending order, combined in a fixed tree.
  package func rowSums(
    rows: Int, count: Int, of x: UnsafeBufferPointer<S>, to sums: UnsafeMutableBufferPointer<S>
  ) {
    precondition(rows >= 0 && count >= 0, "sizes are not negative")
    guard let target = unsafe sums.start(holding: rows) else { return }
    let source = unsafe x.start(holding: rows * count)
    unsafe table.pointee.row_sums(rows, count, source ?? UnsafePointer(target), target)
  }

  /// y[i] = f(x[i]), computed in `Double` and rounded once; y may be x.
  package func apply(
    _ function: Function, count: Int, _ x: UnsafeBufferPointer<S>,
    to y: UnsafeMutableBufferPointer<S>
  ) {
    guard count > 0, let source = unsafe x.start(holding: count),
      let target = unsafe y.start(holding: count)
    else { return }
    unsafe table.pointee.function(function.rawValue, count, source, target)
  }

  /// Softmax of rows that lie side by side; `scratch` holds `count` numbers. y may be x.
  package func softmax(
    rows: Int, count: Int, _ x: UnsafeBufferPointer<S>, to y: UnsafeMutableBufferPointer<S>,
    scratch: UnsafeMutableBufferPointer<Double>
  ) {
    precondition(rows >= 0 && count >= 0, "sizes are not negative")
    guard let source = unsafe x.start(holding: rows * count),
      let target = unsafe y.start(holding: rows * count),
      let powers = unsafe scratch.start(holding: count)
    else { return }
    unsafe table.pointee.softmax(rows, count, source, target, powers)
  }
}
