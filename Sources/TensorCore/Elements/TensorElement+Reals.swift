/// The two precisions that the kernels are built for, as elements of tensors.
extension Float: RealElement {
  public static var elementType: ElementType { .float }
  public static var filler: Float { 0 }
  public init(real: Double) { self = Float(real) }
  public init(integer: Int64) { self = Float(integer) }
  public var real: Double { Double(self) }
}

extension Double: RealElement {
  public static var elementType: ElementType { .double }
  public static var filler: Double { 0 }
  public init(real: Double) { self = real }
  public var real: Double { self }
}
