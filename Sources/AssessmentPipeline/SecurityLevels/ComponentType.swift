public import ArchitectureModel

/// The component types of IEC 62443-4-2, for which its requirements differ.
public enum ComponentType: String, Sendable, Hashable, CaseIterable {
  case softwareApplication = "SAR"
  case embeddedDevice = "EDR"
  case hostDevice = "HDR"
  case networkDevice = "NDR"

  /// The type that a drawn kind is judged as; `nil` for what is no component in the standard's sense. A convention of
  /// this project: the standard leaves it to who knows the product.
  public init?(of kind: ComponentKind) {
    switch kind {
    case .application, .updateAgent, .updateService, .managementService, .cloudService,
      .inferenceRuntime, .inferenceService, .modelMonitor, .modelRegistry, .modelUpdateService,
      .trainingPipeline, .labellingProcess, .remoteAccessService:
      self = .softwareApplication
    case .embeddedDevice, .fieldDevice, .controller, .safetyController, .protectionRelay:
      self = .embeddedDevice
    case .workstation, .engineeringStation, .operatorStation, .controlServer, .historian,
      .directoryService:
      self = .hostDevice
    case .networkDevice, .firewall, .gateway, .dataDiode, .wirelessNetwork:
      self = .networkDevice
    default: return nil
    }
  }

  public var title: String {
    switch self {
    case .softwareApplication: "software application"
    case .embeddedDevice: "embedded device"
    case .hostDevice: "host device"
    case .networkDevice: "network device"
    }
  }
}
