/// The image corruptions this build knows, sorted by name: the fifteen of the benchmark.
public enum ImageCorruptions {
  public static let all: [any ImageCorruption.Type] = [
    BlockCompression.self,
    Brightness.self,
    DefocusBlur.self,
    ElasticTransform.self,
    Fog.self,
    Frost.self,
    GaussianNoise.self,
    GlassBlur.self,
    ImpulseNoise.self,
    LowContrast.self,
    MotionBlur.self,
    Pixelation.self,
    ShotNoise.self,
    Snow.self,
    ZoomBlur.self,
  ]
}
