// Drives libFuzzer over the way of a model: bytes are read, inspected, run on the reference fill, differentiated
// and bounded. Any crash, and any input that takes longer or more memory than libFuzzer is told, is a finding.

import CFuzzer
import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore

/// The box of radius 0.1 around the reference fill of a network's input.
func box(_ network: Network) -> IntervalTensor {
  let shape = [1] + network.input.shape
  let centre = (0..<shape.reduce(1, *)).map { Double(($0 * 37) % 101 - 50) / 50 }
  return IntervalTensor(
    lower: Tensor(shape: shape, elements: centre.map { $0 - 0.1 }),
    upper: Tensor(shape: shape, elements: centre.map { $0 + 0.1 }))
}

func drive(_ bytes: [UInt8]) {
  var diagnostics = Diagnostics()
  guard let model = try? ONNXModel(reading: InputDocument(name: "model.onnx", bytes: bytes)) else {
    return
  }
  _ = ModelInspection(of: model)
  var evaluator = try? ModelEvaluator(preparing: model, reportingTo: &diagnostics)
  // A loop of allowed length takes its time, the more so here; less work shows what is not counted.
  evaluator?.limits.work = 1 << 30
  if let evaluator, let inputs = try? ReferenceFill.values(for: evaluator.inputs) {
    _ = try? evaluator.run(inputs)
    if let output = evaluator.outputs.first {
      _ = try? evaluator.gradients(at: inputs, of: output.name) { (y: Tensor<Float>) in y }
    }
  }
  guard let network = try? Network(planning: model, reportingTo: &diagnostics),
    network.input.shape.reduce(1, *) <= 1 << 12
  else { return }
  let x = Tensor<Float>(repeating: 0.5, shape: [2] + network.input.shape)
  _ = try? network.outputs(for: x)
  _ = try? network.gradient(at: x) { $0 }
  _ = try? network.bounds(over: box(network))
  _ = try? network.linearBounds(over: box(network))
}

var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv
let status = unsafe LLVMFuzzerRunDriver(&count, &arguments) { data, size in
  unsafe drive(Array(UnsafeBufferPointer(start: data, count: size)))
  return 0
}
if status != 0 { preconditionFailure("libFuzzer ended with \(status)") }
