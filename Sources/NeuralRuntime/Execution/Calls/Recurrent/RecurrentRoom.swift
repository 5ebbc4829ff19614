/// The working memory of a recurrent layer's call: where its parts start.
///
/// Parts hold one number for each hidden unit of each sample unless it is said.
@safe
struct RecurrentRoom {
  /// States before the first step.
  let hidden, cells: UnsafeMutableRawPointer
  /// The state after the reset.
  let kept: UnsafeMutableRawPointer
  /// A single sample's sums from the input, for all steps: `[steps, gates, hidden]`.
  let projected: UnsafeMutableRawPointer
  // The way back alone:
  /// Gradients of the state and of the memory after the step at hand.
  let hiddenGradient, cellGradient: UnsafeMutableRawPointer
  /// What the candidate's weights give back, the state's whole gradient, and vectors.
  let back, g, first, second, shownSlope: UnsafeMutableRawPointer
  /// Slopes of the gates, and the gates' cotangents as the state's weights see them: `[gates, samples, hidden]`.
  let slopes, own: UnsafeMutableRawPointer
  /// Cotangents of all sums, `[steps, gates, samples, hidden]`, and what they give the inputs, laid out as those.
  let sums, input: UnsafeMutableRawPointer

  static func forwardCount(_ call: RecurrentCall, _ samples: Int) -> Int {
    3 * samples * call.size.hidden + call.size.steps * call.wide
  }

  static func backwardCount(_ call: RecurrentCall, _ samples: Int) -> Int {
    let size = call.size
    return forwardCount(call, samples) + 7 * samples * size.hidden + 2 * samples * call.wide
      + samples * size.steps * (call.wide + size.inputs)
  }

  init(_ call: RecurrentCall, _ memory: CallMemory) {
    let (size, stride) = (call.size, memory.stride)
    let samples = memory.rows * size.batch
    let (part, gates) = (samples * size.hidden * stride, samples * call.wide * stride)
    unsafe hidden = memory.scratch
    unsafe cells = hidden + part
    unsafe kept = cells + part
    unsafe projected = kept + part
    unsafe hiddenGradient = projected + size.steps * call.wide * stride
    unsafe cellGradient = hiddenGradient + part
    unsafe back = cellGradient + part
    unsafe g = back + part
    unsafe first = g + part
    unsafe second = first + part
    unsafe shownSlope = second + part
    unsafe slopes = shownSlope + part
    unsafe own = slopes + gates
    unsafe sums = own + gates
    unsafe input = sums + size.steps * gates
  }
}
