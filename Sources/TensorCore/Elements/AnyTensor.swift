/// A tensor whose element type is known only when a model runs.
///
/// Code that needs the type asks for it (`value as? Tensor<Float>`); code that does not is generic and is
/// handed the existential, which Swift opens. There is no switch over types.
public protocol AnyTensor: Sendable {
  associatedtype Element: TensorElement
  var shape: [Int] { get }
  var elements: [Element] { get }
  init(shape: [Int], elements: [Element])
}

/// A tensor of numbers or truth values whose type is known only when a model runs.
public protocol NumericTensor: AnyTensor where Element: NumericElement {}

/// A tensor of integers whose width is known only when a model runs.
public protocol IntegerTensor: NumericTensor where Element: IntegerElement {}

/// A tensor of floating-point numbers whose precision is known only when a model runs.
public protocol RealTensor: NumericTensor where Element: RealElement {}

extension Tensor: AnyTensor where Element: TensorElement {}
extension Tensor: NumericTensor where Element: NumericElement {}
extension Tensor: IntegerTensor where Element: IntegerElement {}
extension Tensor: RealTensor where Element: RealElement {}

extension AnyTensor {
  public var elementType: ElementType { Element.elementType }
  public var count: Int { elements.count }
  public var rank: Int { shape.count }

  /// The same elements under another shape of the same count.
  public func withShape(_ shape: [Int]) -> any AnyTensor { Self(shape: shape, elements: elements) }

  /// Element `sources[i]` at place i, or the filler where a source is negative.
  public func gathering(_ sources: [Int], shape: [Int]) -> any AnyTensor {
    let elements = elements
    return Self(shape: shape, elements: sources.map { $0 < 0 ? Element.filler : elements[$0] })
  }
}

extension NumericTensor {
  public var reals: [Double] { elements.map(\.real) }
  public var integers: [Int64] { elements.map(\.integer) }

  /// Every number in another type, by the rules of `NumericElement`.
  @specialized(where Self == Tensor<Bool>, Other == Float)
  @specialized(where Self == Tensor<Float>, Other == Double)
  @specialized(where Self == Tensor<Float>, Other == Int64)
  public func converted<Other: NumericElement>(to type: Other.Type) -> Tensor<Other> {
    if let same = self as? Tensor<Other> { return same }
    if let truths = self as? Tensor<Bool> {
      let (no, yes) = (Other(real: 0, integer: 0), Other(real: 1, integer: 1))
      return Tensor(shape: shape, elements: truths.elements.map { $0 ? yes : no })
    }
    return Tensor(
      shape: shape,
      elements: Element.isInteger
        ? elements.map { Other(real: $0.real, integer: $0.integer) }
        : elements.map { Other(real: $0.real) })
  }
}

extension NumericElement {
  /// An integer in both forms: its low bits for integer types; for reals the form that is exact.
  fileprivate init(real: Double, integer: Int64) {
    if Self.isInteger || real == Double(integer) {
      self.init(integer: integer)
    } else {
      self.init(real: real)
    }
  }
}

extension ElementType {
  /// The Swift type that stands for this element type.
  public var swiftType: any TensorElement.Type {
    switch self {
    case .float: Float.self
    case .double: Double.self
    case .float16: Half.self
    case .bfloat16: BrainFloat.self
    case .float8e4m3fn: Float8E4M3FN.self
    case .float8e4m3fnuz: Float8E4M3FNUZ.self
    case .float8e5m2: Float8E5M2.self
    case .float8e5m2fnuz: Float8E5M2FNUZ.self
    case .int8: Int8.self
    case .int16: Int16.self
    case .int32: Int32.self
    case .int64: Int64.self
    case .uint8: UInt8.self
    case .uint16: UInt16.self
    case .uint32: UInt32.self
    case .uint64: UInt64.self
    case .int4: Int4.self
    case .uint4: UInt4.self
    case .bool: Bool.self
    case .string: String.self
    }
  }
}
