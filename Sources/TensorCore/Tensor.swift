/// A dense array of numbers in row-major order: the value that flows through models and attacks.
///
/// Law: `elements.count` equals the product of `shape`; a scalar has the shape `[]` and one element.
public struct Tensor<Element: Sendable>: Sendable {
  public private(set) var shape: [Int]
  public var elements: [Element] {
    didSet {
      precondition(elements.count == oldValue.count, "a tensor keeps its number of elements")
    }
  }

  /// The count of `elements` must equal the product of `shape`.
  public init(shape: [Int], elements: [Element]) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == elements.count,
      "shape \(shape) does not hold \(elements.count) elements")
    self.shape = shape
    self.elements = elements
  }

  public init(repeating value: Element, shape: [Int]) {
    self.init(shape: shape, elements: Array(repeating: value, count: shape.reduce(1, *)))
  }

  public var count: Int { elements.count }
  public var rank: Int { shape.count }

  /// The same elements under another shape of the same count.
  public func reshaped(to shape: [Int]) -> Tensor { Tensor(shape: shape, elements: elements) }

  /// Rows `range` along the first axis.
  public func rows(_ range: Range<Int>) -> Tensor {
    let stride = shape.dropFirst().reduce(1, *)
    return Tensor(
      shape: [range.count] + shape.dropFirst(),
      elements: Array(elements[range.lowerBound * stride..<range.upperBound * stride]))
  }
}

extension Tensor: Equatable where Element: Equatable {}
extension Tensor: Hashable where Element: Hashable {}
