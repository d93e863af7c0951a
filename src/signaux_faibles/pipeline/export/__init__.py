"""The clean tables that consumers of the earlier importer read, made out of the lake.

Takes the log of versions of the staged sources; gives one Parquet file per `clean_*` table, with the names, columns and
units of the earlier importer, and a manifest. Does not feed our own panel, which reads the staged rows themselves.
"""

from signaux_faibles.pipeline.export.catalogue import VIEWS
from signaux_faibles.pipeline.export.reading import CotisationRule, EffectifRule, EtpRule, Reading
from signaux_faibles.pipeline.export.schemas import export_schemas
from signaux_faibles.pipeline.export.write import Export, export

__all__ = ["VIEWS", "CotisationRule", "EffectifRule", "EtpRule", "Export", "Reading", "export", "export_schemas"]
