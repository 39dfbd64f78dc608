"""Sources to drafts. An importer is pure: name and bytes in, drafts and problems out; never disk, network or siblings."""
