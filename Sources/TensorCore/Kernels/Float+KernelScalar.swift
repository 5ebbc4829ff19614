import CKernels

/// The kernels for `Float`.
extension Float: KernelScalar {
  public static func rounding(_ value: Double) -> Float { Float(value) }

  public static func values(of constant: DualTensor) -> Tensor<Float> { constant.float }

  public static var kernelElement: Int32 { Int32(BARTIZAN_FLOAT32) }
}
