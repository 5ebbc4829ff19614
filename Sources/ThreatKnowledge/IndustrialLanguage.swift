public import EngineSupport

/// The bundled industrial threat language: its MAL sources, main file first.
public enum IndustrialLanguage {
  /// Documents are named as they lie in the repository, so that a cited rule line can be opened.
  public static var sources: [InputDocument] {
    [
      document("industrial.mal", PackageResources.industrial_mal),
      document("box.mal", PackageResources.box_mal),
      document("brain.mal", PackageResources.brain_mal),
      document("process.mal", PackageResources.process_mal),
      document("sensor.mal", PackageResources.sensor_mal),
    ]
  }

  private static func document(_ name: String, _ bytes: [UInt8]) -> InputDocument {
    InputDocument(name: "Industrial/\(name)", bytes: bytes)
  }
}
