/// The sensor faults this build knows, sorted by name.
public enum SensorFaults {
  public static let all: [any SensorFault.Type] = [
    AddedNoise.self,
    ChannelMixing.self,
    CoordinatedInjection.self,
    Delay.self,
    Dropout.self,
    GainError.self,
    Interference.self,
    LinearDrift.self,
    LogarithmicDrift.self,
    OffsetError.self,
    Quantisation.self,
    Replay.self,
    Saturation.self,
    SlowResponse.self,
    Spikes.self,
    StuckReading.self,
  ]
}
