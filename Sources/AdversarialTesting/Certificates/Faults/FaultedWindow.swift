import TensorCore

/// One recorded window under a fault: its readings as functions of the fault's parameters.
struct FaultedWindow: Sendable {
  let fault: ParametricFault
  let layout: FaultLayout
  let limits: PhysicalLimits
  /// In the tensor's numbers, the history included.
  let recording: [Float]

  /// The undisturbed sample.
  var sample: [Float] { layout.places.map { recording[$0] } }

  /// An element's reading `lag` whole periods earlier, in the tensor's numbers; the first one where the recording
  /// does not go back so far.
  func reading(_ element: FaultLayout.Element, lag: Int) -> Double {
    Double(recording[element.place - min(lag, element.lags) * element.stride])
  }

  /// The point about which a gain acts, in the tensor's numbers.
  func zero(_ index: Int) -> Double {
    let (low, high) = (limits.low[index], limits.high[index])
    let zero = low <= 0 && 0 <= high ? 0 : low
    return (zero - limits.scaling.offset) / limits.scaling.unitsPerTensorUnit
  }

  /// The sample under a fault: computed in `Double`, cut to the sensor's range, each reading rounded once.
  ///
  /// - Parameter values: One a parameter, in the parameters' units.
  func sample(under values: [Double]) -> [Float] {
    func value(_ kind: ParametricFault.Kind) -> Double {
      fault.place(of: kind).map { values[$0] } ?? 0
    }
    let units = limits.scaling.unitsPerTensorUnit
    let delay = value(.delay)
    let lag = Int(delay.rounded(.down))
    let share = delay - Double(lag)
    var result = sample
    for element in layout.elements {
      let (near, far) = (reading(element, lag: lag), reading(element, lag: lag + 1))
      let late = share == 0 ? near : near + share * (far - near)
      let zero = zero(element.index)
      let shift = value(.offset) / units + value(.drift) / units * element.ramp
      let faulty = late + value(.gain) * (late - zero) + shift
      let (low, high) = range(element.index)
      result[element.index] = Float(min(max(faulty, Double(low)), Double(high)))
    }
    return result
  }

  /// The sensor's range in the tensor's numbers; it holds the reading itself, which was measured.
  func range(_ index: Int) -> (low: Float, high: Float) {
    let measured = recording[layout.places[index]]
    return (
      min(limits.tensorValue(limits.low[index]), measured),
      max(limits.tensorValue(limits.high[index]), measured)
    )
  }
}
