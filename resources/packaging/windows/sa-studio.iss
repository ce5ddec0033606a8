; SA Studio's installer for Windows, for Inno Setup 6. build_installer.py fills in the words with a dollar sign.
; Only the program's folder belongs to the installation: sounds, library, presets, settings and
; models are in {localappdata}\SA Studio, and stay.

[Setup]
AppId={{6C1B0B52-6C5D-4E0B-9C39-5D1D5A6F0E21}
AppName=SA Studio
AppVersion=$version
AppPublisher=The authors of SA Studio
DefaultDirName={autopf}\SA Studio
DefaultGroupName=SA Studio
DisableProgramGroupPage=yes
LicenseFile=$licence
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0
OutputDir=$output
OutputBaseFilename=$name
SetupIconFile=$icon
UninstallDisplayIcon={app}\SA Studio.exe
Compression=lzma2/normal
SolidCompression=yes
WizardStyle=modern

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked

[InstallDelete]
; libraries of an older version must not be mixed with those of this one
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "$frozen\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{group}\SA Studio"; Filename: "{app}\SA Studio.exe"
Name: "{autodesktop}\SA Studio"; Filename: "{app}\SA Studio.exe"; Tasks: desktopicon

[Run]
Filename: "{app}\SA Studio.exe"; Description: "{cm:LaunchProgram,SA Studio}"; Flags: nowait postinstall skipifsilent

[Code]
procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
begin
  if CurUninstallStep = usPostUninstall then
    SuppressibleMsgBox('Your sounds, library, presets, settings and models were left alone. They are in' + #13#10
      + ExpandConstant('{localappdata}\SA Studio') + #13#10
      + 'Delete that folder if you do not want them any more.', mbInformation, MB_OK, IDOK);
end;
