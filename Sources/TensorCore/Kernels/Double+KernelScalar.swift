import CKernels

/// The kernels for `Double`.
extension Double: KernelScalar {
  public static func rounding(_ value: Double) -> Double { value }

  public static func values(of constant: DualTensor) -> Tensor<Double> { constant.double }

  public static var kernelElement: Int32 { Int32(BARTIZAN_FLOAT64) }
}
