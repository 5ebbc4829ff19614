import EngineSupport
import NumPyFormat
import TensorCore

/// Evaluation data as tests need it: checked inputs with their labels.
struct LabelledSamples: Sendable {
  /// `[n] + shape of one sample`.
  var inputs: Tensor<Float>
  var labels: [Int]

  /// Reads the two arrays that the product file names; everything that would spoil a test later is refused
  /// here, with the array and the element that is wrong.
  init(
    reading document: InputDocument, as data: ProductFile.Evaluation,
    input: ProductFile.ModelInput, shape: [Int], classes: Int, limit: Int?
  ) throws(Diagnostic) {
    let archive = try NumPyArchive(reading: document)
    let array = try archive.array(named: data.inputs)
    let labelArray = try archive.array(named: data.labels)
    guard array.shape.count == shape.count + 1, Array(array.shape.dropFirst()) == shape else {
      throw Diagnostic(
        "data.shape.mismatch",
        "the model takes samples of shape \(shape); \"\(data.inputs)\" has the shape "
          + "\(array.shape)", at: array.location)
    }
    if let index = array.firstNonFinite {
      throw Diagnostic(
        "data.value.non-finite",
        "element \(index) of \"\(data.inputs)\" is NaN or infinite", at: array.location)
    }
    let labels = try labelArray.integers()
    guard labels.count == array.shape[0], labelArray.shape.count == 1 else {
      throw Diagnostic(
        "data.labels.count",
        "\(array.shape[0]) samples but labels of shape \(labelArray.shape)", at: labelArray.location
      )
    }
    if let index = labels.firstIndex(where: { !(0..<classes).contains($0) }) {
      throw Diagnostic(
        "data.label.range",
        "label \(labels[index]) of sample \(index) is not one of the model's \(classes) classes",
        at: labelArray.location)
    }
    let inputs = try array.floatTensor()
    let (low, high) = (Float(input.range.lowerBound), Float(input.range.upperBound))
    if let index = inputs.elements.firstIndex(where: { $0 < low || $0 > high }) {
      throw Diagnostic(
        "data.value.out-of-range",
        "element \(index) of \"\(data.inputs)\" is \(inputs.elements[index]), outside the sensor's "
          + "range \(low) to \(high) \(input.unit)", at: array.location)
    }
    let count = min(labels.count, limit ?? labels.count)
    guard count > 0 else {
      throw Diagnostic("data.empty", "there is no sample to test with", at: array.location)
    }
    self.inputs = inputs.rows(0..<count)
    self.labels = Array(labels[0..<count])
  }
}
