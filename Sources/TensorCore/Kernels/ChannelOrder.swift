import CKernels

/// How the channels of an image lie in memory.
package enum ChannelOrder: Hashable, Sendable {
  /// As planes: `[channels][height][width]`, the order of ONNX.
  case first
  /// Side by side: `[height][width][channels]`.
  case last

  package var code: Int32 {
    switch self {
    case .first: Int32(BARTIZAN_CHANNELS_FIRST)
    case .last: Int32(BARTIZAN_CHANNELS_LAST)
    }
  }

  /// What the channels of an image must be a multiple of to lie side by side, for every path.
  package static let lastMultiple = 16
}
