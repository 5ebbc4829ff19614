public import ArchitectureModel

/// What each kind of component becomes.
extension BindingTable {
  /// The row for a component of `kind`; a zone becomes an asset through `zoneRow`.
  public static func row(for kind: ComponentKind) -> Row {
    switch kind {
    case .account: component(kind, "Account")
    case .application: component(kind, "Node")
    case .bootChain: component(kind, "BootChain")
    case .cloudService: component(kind, "CloudService")
    case .dataDiode:
      component(kind, "DataDiode", "its construction lets data pass in one direction only")
    case .debugPort: component(kind, "DebugPort")
    case .directoryService: component(kind, "DirectoryService")
    case .embeddedDevice: component(kind, "EmbeddedDevice")
    case .engineeringStation: component(kind, "EngineeringStation")
    case .fieldDevice: component(kind, "FieldDevice")
    case .firewall: component(kind, "Firewall")
    case .firmware: component(kind, "Firmware")
    case .gateway:
      component(kind, "Gateway", "a gateway forwards what it receives and checks nothing by itself")
    case .managementService: component(kind, "ManagementService")
    case .networkDevice:
      component(kind, "NetworkDevice", "it forwards between everything it is connected with")
    case .removableMedia: component(kind, "RemovableMedia")
    case .remoteAccessService: component(kind, "RemoteAccessService")
    case .servicePort: component(kind, "ServicePort")
    case .softwareComponent: component(kind, "SoftwareComponent")
    case .supplier: component(kind, "Supplier")
    case .trustAnchor: component(kind, "TrustAnchor")
    case .updateAgent: component(kind, "UpdateAgent")
    case .updateService: component(kind, "UpdateService")
    case .wirelessNetwork: component(kind, "WirelessNetwork")
    case .workstation: component(kind, "Workstation")
    case .dataSet: component(kind, "DataSet")
    case .dataSource: component(kind, "DataSource")
    case .decisionLog: component(kind, "DecisionLog")
    case .decisionLogic: component(kind, "DecisionLogic")
    case .detectorModel: component(kind, "DetectorModel")
    case .inferenceRuntime: component(kind, "InferenceRuntime")
    case .inferenceService: component(kind, "InferenceService")
    case .labellingProcess: component(kind, "LabellingProcess")
    case .learningModel: component(kind, "LearningModel")
    case .modelArtefact: component(kind, "ModelArtefact")
    case .modelMonitor: component(kind, "ModelMonitor")
    case .modelRegistry: component(kind, "ModelRegistry")
    case .modelUpdateService: component(kind, "ModelUpdateService")
    case .preProcessing: component(kind, "PreProcessing")
    case .pretrainedModel: component(kind, "PretrainedModel")
    case .trainingPipeline: component(kind, "TrainingPipeline")
    case .acousticSensor: component(kind, "AcousticSensor")
    case .electricalTransducer: component(kind, "ElectricalTransducer")
    case .inertialSensor: component(kind, "InertialSensor")
    case .opticalSensor: component(kind, "OpticalSensor")
    case .physicalQuantity: component(kind, "PhysicalQuantity")
    case .processTransducer: component(kind, "ProcessTransducer")
    case .rangingSensor: component(kind, "RangingSensor")
    case .satelliteReceiver: component(kind, "SatelliteReceiver")
    case .sensor: component(kind, "Sensor")
    case .signalConverter: component(kind, "SignalConverter")
    case .actuator: component(kind, "Actuator")
    case .controlServer: component(kind, "ControlServer")
    case .controller: component(kind, "Controller")
    case .historian: component(kind, "Historian")
    case .operatorStation: component(kind, "OperatorStation")
    case .protectionRelay: component(kind, "ProtectionRelay")
    case .safetyController: component(kind, "SafetyController")
    case .referenceSource: component(kind, "Node")
    case .unknown:
      component(kind, "Node", "nobody says what it is: treated as something that runs software")
    case .zone: zoneRow
    }
  }

  static var componentRows: [Row] {
    ComponentKind.allCases.filter { $0 != .zone }.map(row(for:))
  }

  private static func component(
    _ kind: ComponentKind, _ asset: String, _ assumption: String? = nil
  ) -> Row {
    Row("component/\(kind.rawValue)", "component of kind \(kind.rawValue)", asset, assumption)
  }
}
