import TensorCore

/// Reads predictions and margins off a table of logits `[n, classes]`.
struct ScoreRows<Element: BinaryFloatingPoint & Sendable> {
  let elements: [Element]
  let classes: Int

  init(_ scores: Tensor<Element>, classes: Int) {
    elements = scores.elements
    self.classes = classes
  }

  /// The class with the highest score; the lowest index of equal ones.
  func prediction(_ row: Int) -> Int {
    var best = 0
    for index in 1..<classes
    where elements[row * classes + index] > elements[row * classes + best] { best = index }
    return best
  }

  /// The best class other than `label`; the lowest index of equal ones.
  func runnerUp(_ row: Int, besides label: Int) -> Int {
    var best = label == 0 ? 1 : 0
    for index in 0..<classes
    where index != label && elements[row * classes + index] > elements[row * classes + best] {
      best = index
    }
    return best
  }

  /// Score of the label less the best other score; the sample is misclassified beyond doubt below 0.
  func margin(_ row: Int, label: Int) -> Element {
    elements[row * classes + label] - elements[row * classes + runnerUp(row, besides: label)]
  }

  /// The largest magnitude in a row: the scale against which a margin is small.
  func magnitude(_ row: Int) -> Element {
    var largest: Element = 0
    for index in 0..<classes { largest = max(largest, abs(elements[row * classes + index])) }
    return largest
  }
}
