/// The version that outputs and evidence carry.
public enum EngineVersion {
  public static let text = "0.1.0"
}
