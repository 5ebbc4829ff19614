import CKernels

/// The sizes of a convolution over one- or two-dimensional images `[batch][groups · inputs][height][width]` with
/// weights `[groups · outputs][inputs][kernel height][kernel width]`.
package struct ConvolutionShape: Hashable, Sendable {
  package let batch: Int
  package let groups: Int
  /// Channels of one group.
  package let inputs: Int
  package let outputs: Int
  package let window: WindowGeometry
  /// How the images lie, and the outputs.
  package let imageOrder: ChannelOrder
  package let outputOrder: ChannelOrder

  /// nil where the windows are three-dimensional, a count of elements does not fit 2⁴⁸, or an order has no
  /// kernel: outputs may be channels last where there is one group and they are a multiple of 16, images where
  /// outputs are so and they are a multiple of 16 too.
  package init?(
    batch: Int, groups: Int, inputs: Int, outputs: Int, window: WindowGeometry,
    imageOrder: ChannelOrder = .first, outputOrder: ChannelOrder = .first
  ) {
    guard window.isPlanar, min(batch, groups, inputs, outputs) >= 0 else { return nil }
    if outputOrder == .last {
      guard groups == 1, outputs % ChannelOrder.lastMultiple == 0 else { return nil }
    }
    if imageOrder == .last {
      guard outputOrder == .last, inputs % ChannelOrder.lastMultiple == 0 else { return nil }
    }
    (self.imageOrder, self.outputOrder) = (imageOrder, outputOrder)
    (self.batch, self.groups, self.inputs, self.outputs) = (batch, groups, inputs, outputs)
    self.window = window
    let (y, x) = (window.height, window.width)
    let planes = [[y.input, x.input], [y.kernel, x.kernel], [y.output, x.output]]
    let taps = [inputs, y.kernel, x.kernel]
    let counts =
      [
        [batch, groups, inputs] + planes[0], [groups, outputs] + taps,
        [batch, groups, outputs] + planes[2], taps + planes[2],
        [inputs, y.span, x.span],
      ]
    guard counts.allSatisfy({ Self.product($0) != nil }) else { return nil }
  }

  private static func product(_ factors: [Int]) -> Int? {
    factors.reduce(1) { (product: Int?, factor) in
      guard let product else { return nil }
      let (next, overflows) = product.multipliedReportingOverflow(by: max(factor, 1))
      return overflows || next > 1 << 48 ? nil : next
    }
  }

  package var imageCount: Int { batch * groups * inputs * window.inputPlane }
  package var weightsCount: Int { groups * outputs * inputs * window.kernelPlane }
  package var outputCount: Int { batch * groups * outputs * window.outputPlane }

  var code: bartizan_convolution {
    bartizan_convolution(
      batch: batch, groups: groups, inputs: inputs, outputs: outputs, window: window.code,
      image_order: imageOrder.code, output_order: outputOrder.code)
  }
}

extension WindowGeometry {
  /// Whether the C kernels know this geometry: images of depth 1.
  package var isPlanar: Bool {
    depth == Axis(input: 1, kernel: 1, output: 1)
      && [height, width].allSatisfy {
        $0.input >= 0 && $0.kernel >= 1 && $0.stride >= 1 && $0.dilation >= 1 && $0.padBefore >= 0
          && $0.output >= 0 && $0.fitsMemory
      }
  }

  var code: bartizan_window {
    bartizan_window(
      height: height.input, width: width.input, kernel_height: height.kernel,
      kernel_width: width.kernel, stride_y: height.stride, stride_x: width.stride,
      dilation_y: height.dilation, dilation_x: width.dilation, pad_top: height.padBefore,
      pad_left: width.padBefore, output_height: height.output, output_width: width.output)
  }
}

extension WindowGeometry.Axis {
  /// The elements between the first and the last that any window reads, padding included.
  var span: Int { (max(output, 1) - 1) * stride + (kernel - 1) * dilation + 1 }

  /// Whether places on the axis can be computed without an overflow.
  var fitsMemory: Bool {
    let bound = 1 << 40
    guard max(input, kernel, output, stride, dilation, padBefore) <= bound else { return false }
    let (steps, a) = output.multipliedReportingOverflow(by: stride)
    let (reach, b) = kernel.multipliedReportingOverflow(by: dilation)
    return !a && !b && max(steps, reach) <= 1 << 60
  }
}
