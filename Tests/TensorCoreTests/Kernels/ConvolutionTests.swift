import TensorCore
import Testing

/// Convolution and its gradients against their laws, written as loops over every element.
@Suite struct ConvolutionTests {
  struct Problem<S: KernelScalar> {
    let shape: ConvolutionShape
    let image, weights, bias, cotangent, before: [S]

    /// - Parameter direct: Whether outputs are channels last, and images where their channels can be.
    init?(_ random: inout SplitMix, depthwise: Bool, direct: Bool = false) {
      func axis() -> WindowGeometry.Axis {
        var axis = WindowGeometry.Axis(
          input: 1 + random.index(below: 20), kernel: 1 + random.index(below: 4),
          stride: 1 + random.index(below: 3), dilation: 1 + random.index(below: 3),
          padBefore: random.index(below: 4), padAfter: random.index(below: 4), output: 0)
        if random.index(below: 3) == 0 {
          (axis.kernel, axis.stride, axis.padBefore, axis.padAfter) = (1, 1, 0, 0)
        }
        let span = (axis.kernel - 1) * axis.dilation + 1
        let padded = axis.input + axis.padBefore + axis.padAfter
        axis.output = padded < span ? 0 : (padded - span) / axis.stride + 1
        return axis
      }
      let window = WindowGeometry(height: axis(), width: axis())
      var channels = depthwise ? (1, 1) : (random.index(below: 5), 1 + random.index(below: 15))
      var groups = 1 + random.index(below: 3)
      var imageOrder = ChannelOrder.first
      if direct {
        (groups, channels.1) = (1, 16 * (1 + random.index(below: 4)))
        if random.index(below: 3) > 0 {
          (channels.0, imageOrder) = (16 * (1 + random.index(below: 3)), .last)
        }
      }
      guard
        let shape = ConvolutionShape(
          batch: 1 + random.index(below: 2), groups: groups, inputs: channels.0,
          outputs: channels.1, window: window, imageOrder: imageOrder,
          outputOrder: direct ? .last : .first)
      else { return nil }
      self.shape = shape
      func numbers(_ count: Int) -> [S] {
        (0..<count).map { _ in
          S.rounding((random.uniform() - 0.5) / Double(1 << random.index(below: 6)))
        }
      }
      image = numbers(shape.imageCount)
      weights = numbers(shape.weightsCount)
      bias = numbers(shape.groups * shape.outputs)
      cotangent = numbers(shape.outputCount)
      before = numbers(max(shape.outputCount, shape.weightsCount))
    }

    /// Calls `body` for each (output, tap of its chain, index in the image or nil in padding) in the law's order.
    func forEachTerm(_ body: (_ output: Int, _ weight: Int, _ source: Int?) -> Void) {
      let (w, taps) = (shape.window, shape.inputs * shape.window.kernelPlane)
      for output in 0..<shape.outputCount {
        let position = output % w.outputPlane
        let plane = output / w.outputPlane  // (row, group, channel)
        let channel = plane % (shape.groups * shape.outputs)
        let first = plane / shape.outputs * shape.inputs
        for tap in 0..<taps {
          let (_, r, s) = w.place(ofTap: tap % w.kernelPlane)
          let y = w.height.source(position / w.width.output, r)
          let x = w.width.source(position % w.width.output, s)
          let isInside =
            y >= 0 && y < w.height.input && x >= 0 && x < w.width.input
          let source = (first + tap / w.kernelPlane) * w.inputPlane + y * w.width.input + x
          body(output, channel * taps + tap, isInside ? source : nil)
        }
      }
    }

    func expected(startsFromBias: Bool, _ epilogue: KernelEpilogue) -> [S] {
      var y = Array(before.prefix(shape.outputCount))
      if startsFromBias {
        for i in y.indices {
          y[i] = bias[i / shape.window.outputPlane % (shape.groups * shape.outputs)]
        }
      }
      forEachTerm { output, weight, source in
        y[output].addProduct(weights[weight], source.map { image[$0] } ?? 0)
      }
      return y.map { PackedProductTests.finished($0, epilogue) }
    }

    /// Images as planes in the order that the kernels read, and back.
    private func ordered(_ planes: [S], _ order: ChannelOrder, plane: Int) -> [S] {
      guard order == .last, plane > 0 else { return planes }
      let channels = planes.count / shape.batch / plane
      return planes.indices.map { place in
        let (image, rest) = place.quotientAndRemainder(dividingBy: channels * plane)
        return planes[image * channels * plane + rest % channels * plane + rest / channels]
      }
    }

    private func asPlanes(_ elements: [S], _ order: ChannelOrder, plane: Int) -> [S] {
      guard order == .last, plane > 0 else { return elements }
      let channels = elements.count / shape.batch / plane
      return elements.indices.map { place in
        let (image, rest) = place.quotientAndRemainder(dividingBy: channels * plane)
        return elements[image * channels * plane + rest % plane * channels + rest / plane]
      }
    }

    func result(
      startsFromBias: Bool, _ epilogue: KernelEpilogue, _ kernels: Kernels<S>
    ) -> [S] {
      let (inputPlane, outputPlane) = (shape.window.inputPlane, shape.window.outputPlane)
      let image = ordered(image, shape.imageOrder, plane: inputPlane)
      var y = ordered(
        Array(before.prefix(shape.outputCount)), shape.outputOrder, plane: outputPlane)
      let scratch = AlignedScratch<S>(count: kernels.scratchCount(for: shape))
      unsafe scratch.buffer.update(repeating: .nan)
      unsafe image.withUnsafeBufferPointer { image in
        unsafe weights.withUnsafeBufferPointer { weights in
          unsafe bias.withUnsafeBufferPointer { bias in
            unsafe y.withUnsafeMutableBufferPointer { y in
              let packed = unsafe PackedConvolution(.output, shape, weights: weights, for: kernels)
              unsafe kernels.convolution(
                shape, image: image, weights: packed, to: y,
                from: startsFromBias ? .rowBias(bias) : .existing, epilogue: epilogue,
                scratch: scratch.buffer)
            }
          }
        }
      }
      return asPlanes(y, shape.outputOrder, plane: outputPlane)
    }

    /// For each tap in ascending order the element under it gains a chain over the output channels.
    var expectedImageGradient: [S] {
      var gradient = [S](repeating: 0, count: image.count)
      let w = shape.window
      let taps = shape.inputs * w.kernelPlane
      for number in 0..<shape.batch * shape.groups {
        for tap in 0..<taps {
          let (_, r, s) = w.place(ofTap: tap % w.kernelPlane)
          for position in 0..<w.outputPlane {
            var sum: S = 0
            for output in 0..<shape.outputs {
              sum.addProduct(
                weights[(number % shape.groups * shape.outputs + output) * taps + tap],
                cotangent[(number * shape.outputs + output) * w.outputPlane + position])
            }
            let y = w.height.source(position / w.width.output, r)
            let x = w.width.source(position % w.width.output, s)
            guard y >= 0, y < w.height.input, x >= 0, x < w.width.input else { continue }
            let channel = number * shape.inputs + tap / w.kernelPlane
            gradient[channel * w.inputPlane + y * w.width.input + x] += sum
          }
        }
      }
      return gradient
    }

    func imageGradient(_ kernels: Kernels<S>) -> [S] {
      let cotangent = ordered(cotangent, shape.outputOrder, plane: shape.window.outputPlane)
      var gradient = [S](repeating: .nan, count: image.count)
      let scratch = AlignedScratch<S>(count: kernels.imageGradientScratchCount(for: shape))
      unsafe scratch.buffer.update(repeating: .nan)
      unsafe cotangent.withUnsafeBufferPointer { g in
        unsafe weights.withUnsafeBufferPointer { weights in
          unsafe gradient.withUnsafeMutableBufferPointer { gradient in
            let packed = unsafe PackedConvolution(
              .imageGradient, shape, weights: weights, for: kernels)
            unsafe kernels.imageGradient(
              shape, cotangent: g, weights: packed, to: gradient, scratch: scratch.buffer)
          }
        }
      }
      return asPlanes(gradient, shape.imageOrder, plane: shape.window.inputPlane)
    }

    /// One chain over the batch and the output positions.
    var expectedWeightGradient: [S] {
      var gradient = Array(before.prefix(weights.count))
      forEachTerm { output, weight, source in
        gradient[weight].addProduct(cotangent[output], source.map { image[$0] } ?? 0)
      }
      return gradient
    }

    func weightGradient(_ kernels: Kernels<S>) -> [S] {
      var gradient = Array(before.prefix(weights.count))
      let scratch = AlignedScratch<S>(count: kernels.weightGradientScratchCount(for: shape))
      unsafe scratch.buffer.update(repeating: .nan)
      unsafe cotangent.withUnsafeBufferPointer { g in
        unsafe image.withUnsafeBufferPointer { image in
          unsafe gradient.withUnsafeMutableBufferPointer { gradient in
            unsafe kernels.addWeightGradient(
              shape, image: image, cotangent: g, to: gradient, scratch: scratch.buffer)
          }
        }
      }
      return gradient
    }
  }

  func check<S: KernelScalar>(_: S.Type, seed: UInt64) {
    var random = SplitMix(seed: seed)
    guard let problem = Problem<S>(&random, depthwise: seed % 3 == 0) else {
      Issue.record("seed \(seed) gives no shape")
      return
    }
    let epilogue = PackedProductTests.epilogues[random.index(below: 4)]
    let startsFromBias = random.index(below: 2) == 0
    let expected = problem.expected(startsFromBias: startsFromBias, epilogue)
    let (imageGradient, weightGradient) =
      (problem.expectedImageGradient, problem.expectedWeightGradient)
    for path in KernelPath.available {
      let kernels = Kernels<S>(path)
      let label = "\(path) \(S.self) seed \(seed)"
      #expect(
        areSame(
          problem.result(startsFromBias: startsFromBias, epilogue, kernels), expected),
        "output, \(label)")
      #expect(areSame(problem.imageGradient(kernels), imageGradient), "to image, \(label)")
      #expect(areSame(problem.weightGradient(kernels), weightGradient), "to weights, \(label)")
    }
  }

  @Test func everyShapeGivesTheLawsOnEveryPath() {
    for seed in 0..<120 {
      check(Float.self, seed: UInt64(seed))
      check(Double.self, seed: UInt64(seed))
    }
  }

  func checkDirect<S: KernelScalar>(_: S.Type, seed: UInt64) {
    var random = SplitMix(seed: seed)
    guard let problem = Problem<S>(&random, depthwise: false, direct: true) else {
      Issue.record("seed \(seed) gives no shape")
      return
    }
    let epilogue = PackedProductTests.epilogues[random.index(below: 4)]
    let startsFromBias = random.index(below: 2) == 0
    let expected = problem.expected(startsFromBias: startsFromBias, epilogue)
    let imageGradient = problem.expectedImageGradient
    for path in KernelPath.available {
      let kernels = Kernels<S>(path)
      let label = "\(path) \(S.self) seed \(seed)"
      let output = problem.result(startsFromBias: startsFromBias, epilogue, kernels)
      let gradient = problem.imageGradient(kernels)
      // Said apart, so that a failure does not print every element.
      let (isSameOutput, isSameGradient) =
        (areSame(output, expected), areSame(gradient, imageGradient))
      #expect(isSameOutput, "output, \(label)")
      #expect(isSameGradient, "to image, \(label)")
    }
  }

  @Test func channelsThatLieSideBySideGiveTheSameLaws() {
    for seed in 0..<24 {
      checkDirect(Float.self, seed: UInt64(seed))
      checkDirect(Double.self, seed: UInt64(seed))
    }
  }

  @Test func ordersThatNoKernelKnowsAreNoShapes() {
    let axis = WindowGeometry.Axis(input: 4, kernel: 3, output: 2)
    let window = WindowGeometry(height: axis, width: axis)
    func isShape(_ groups: Int, _ inputs: Int, _ outputs: Int, image: ChannelOrder) -> Bool {
      ConvolutionShape(
        batch: 1, groups: groups, inputs: inputs, outputs: outputs, window: window,
        imageOrder: image, outputOrder: .last) != nil
    }
    #expect(isShape(1, 3, 32, image: .first))
    #expect(isShape(1, 16, 16, image: .last))
    #expect(!isShape(2, 16, 16, image: .last))
    #expect(!isShape(1, 16, 24, image: .last))
    #expect(!isShape(1, 8, 16, image: .last))
    #expect(
      ConvolutionShape(
        batch: 1, groups: 1, inputs: 16, outputs: 16, window: window, imageOrder: .last) == nil)
  }

  @Test func aStrideThatNoWindowTakesNeedsNoRoom() {
    let axis = WindowGeometry.Axis(input: 4, kernel: 3, stride: 1 << 32, output: 1)
    let window = WindowGeometry(height: axis, width: axis)
    let shape = ConvolutionShape(batch: 1, groups: 1, inputs: 2, outputs: 3, window: window)
    for path in KernelPath.available {
      let kernels = Kernels<Float>(path)
      #expect(shape.map { kernels.scratchCount(for: $0) < 64 } == true)
    }
  }

  @Test func sizesThatCannotBeAreRefused() {
    let axis = WindowGeometry.Axis(
      input: 1 << 30, kernel: 3, stride: 1, dilation: 1, padBefore: 0, padAfter: 0, output: 1 << 30)
    let window = WindowGeometry(height: axis, width: axis)
    #expect(ConvolutionShape(batch: 1, groups: 1, inputs: 1, outputs: 1, window: window) == nil)
    var far = axis
    (far.input, far.output, far.dilation) = (4, 4, 1 << 50)
    #expect(
      ConvolutionShape(
        batch: 1, groups: 1, inputs: 1, outputs: 1, window: WindowGeometry(height: far, width: far))
        == nil)
    #expect(
      ConvolutionShape(
        batch: -1, groups: 1, inputs: 1, outputs: 1,
        window: WindowGeometry(
          height: WindowGeometry.Axis(input: 1, kernel: 1, output: 1),
          width: WindowGeometry.Axis(input: 1, kernel: 1, output: 1))) == nil)
  }
}
