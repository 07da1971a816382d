import React, { type ReactNode } from "react";
import { t } from "../../../../src/contract/translate.ts";
import { hostText } from "../../i18n/language.ts";
import type { Ohif } from "../../ohif-types.ts";
import { hostList } from "./host-list.ts";

interface PaneHeaderProps {
  ohif: Ohif;
  children: ReactNode;
}

const host = hostList();

/** What OHIF's own settings menu offers: by customization, OHIF's name for it. */
const SETTINGS = [
  { id: "about", modal: "ohif.aboutModal", label: "Header:About" },
  { id: "appearance", modal: "ohif.appearanceModal", label: "Header:Appearance" },
  { id: "userPreferences", modal: "ohif.userPreferencesModal", label: "Header:Preferences" },
];

interface Modal {
  title?: string;
  menuTitle?: string;
  containerClassName?: string;
}

interface SettingsItem {
  id: string;
  label: string;
  onClick(): void;
}

/** The head of the preview, with OHIF's buttons for its settings and for closing the preview. */
export function PaneHeader({ ohif, children }: PaneHeaderProps) {
  return (
    <header className="vigil-preview-head">
      <div className="vigil-grow">{children}</div>
      {host && <Settings host={host} ohif={ohif} />}
      {host && <host.ClosePreviewButton />}
    </header>
  );
}

function Settings({ host: { SettingsPopover }, ohif }: { host: NonNullable<typeof host>; ohif: Ohif }) {
  return (
    <SettingsPopover>
      <SettingsPopover.Trigger>
        <button type="button" className="vigil-icon-button" aria-label={t("Open settings")} data-cy="vigil-settings">
          <span aria-hidden="true">⚙</span>
        </button>
      </SettingsPopover.Trigger>
      <SettingsPopover.Content>
        <SettingsPopover.Workflow />
        <SettingsPopover.Divider />
        {settingsItems(ohif).map(({ id, label, onClick }) => (
          <SettingsPopover.Item key={id} onClick={onClick}>
            {label}
          </SettingsPopover.Item>
        ))}
      </SettingsPopover.Content>
    </SettingsPopover>
  );
}

function settingsItems({ servicesManager }: Ohif): SettingsItem[] {
  const { customizationService, uiModalService } = servicesManager.services;
  const items = SETTINGS.flatMap(({ id, modal, label }): SettingsItem[] => {
    const content = customizationService.getCustomization(modal) as Modal | undefined;
    if (content === undefined) return [];
    const name = content.menuTitle ?? hostText(label);
    const { title = name, containerClassName = "max-w-4xl p-6 flex flex-col" } = content;
    return [{ id, label: name, onClick: () => uiModalService.show({ content, title, containerClassName }) }];
  });
  const change = customizationService.getCustomization("workList.settingsMenuItems");
  return typeof change === "function" ? (change(items) as SettingsItem[]) : items;
}
