"""Releases as loaded: one model per table of a release, its columns those of `signaux_faibles.release.tables`.

A row belongs to a release: the same SIREN appears once per loaded release. Three columns are added to those of the
release, all computed at loading: `Entreprise.recherche` (name without accents, for searching), `Score.entreprise` (the
join to the identity of the same release) and `Score.dette_urssaf_eur` (last known debt, class `urssaf`).
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

ALERTES = ("eleve", "modere")


class Release(models.Model):
    """A loaded release: its manifest."""

    release_id = models.TextField(primary_key=True)
    list_label = models.TextField()
    list_month = models.CharField(max_length=7)
    as_of = models.CharField(max_length=7)
    model_id = models.TextField()
    code_version = models.TextField()
    is_synthetic = models.BooleanField()
    threshold_eleve = models.FloatField()
    threshold_modere = models.FloatField()
    base_probability = models.FloatField()
    counts = models.JSONField()
    freshness = models.JSONField()
    manifest = models.JSONField()
    loaded_at = models.DateTimeField()
    is_current = models.BooleanField(default=False)

    class Meta:
        ordering = ("-list_month", "-loaded_at")
        constraints = (
            models.UniqueConstraint(
                fields=["is_current"], condition=models.Q(is_current=True), name="one_current_release"
            ),
        )

    def __str__(self) -> str:
        return self.release_id


class ReleaseRow(models.Model):
    """A row of a table of a release."""

    # Rows are written by `load_release` only, in the transaction that writes their release: checking the reference of
    # each one again took a third of the time of a load.
    release = models.ForeignKey(
        Release, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        abstract = True


def _key(name: str, *columns: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=["release", *columns], name=f"{name}_key")


class Entreprise(ReleaseRow):
    """A company of the perimeter, or scored before. Public."""

    siren = models.CharField(max_length=9)
    raison_sociale = models.TextField(null=True)
    code_naf = models.TextField(null=True)
    libelle_naf = models.TextField(null=True)
    code_naf25 = models.TextField(null=True)
    section_naf = models.TextField(null=True)
    libelle_section = models.TextField(null=True)
    categorie_juridique = models.TextField(null=True)
    libelle_categorie_juridique = models.TextField(null=True)
    date_creation = models.DateField(null=True)
    siret_siege = models.TextField(null=True)
    adresse_siege = models.TextField(null=True)
    code_commune = models.TextField(null=True)
    commune = models.TextField(null=True)
    departement = models.TextField(null=True)
    region = models.TextField(null=True)
    departements = ArrayField(models.TextField(), null=True)
    effectif_count = models.IntegerField(null=True)
    effectif_month = models.TextField(null=True)
    etablissements_count = models.IntegerField(null=True)
    etablissements_actifs_count = models.IntegerField(null=True)
    is_active = models.BooleanField(null=True)
    recherche = models.TextField()

    class Meta:
        constraints = (_key("entreprise", "siren"),)
        indexes = (
            models.Index(fields=["siren"], name="entreprise_siren"),
            GinIndex(fields=["recherche"], opclasses=["gin_trgm_ops"], name="entreprise_recherche"),
        )


class Etablissement(ReleaseRow):
    """An establishment of a company of the release. Public."""

    siret = models.CharField(max_length=14)
    siren = models.CharField(max_length=9)
    is_siege = models.BooleanField(null=True)
    adresse = models.TextField(null=True)
    code_postal = models.TextField(null=True)
    code_commune = models.TextField(null=True)
    commune = models.TextField(null=True)
    departement = models.TextField(null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    code_naf = models.TextField(null=True)
    date_creation = models.DateField(null=True)
    date_fermeture = models.DateField(null=True)
    is_active = models.BooleanField(null=True)
    effectif_count = models.IntegerField(null=True)

    class Meta:
        constraints = (_key("etablissement", "siret"),)
        indexes = (models.Index(fields=["release", "siren"], name="etablissement_siren"),)


class Score(ReleaseRow):
    """A scored company, or one left out of scoring with the reason.

    Class `score`, but `dette_urssaf_eur`, which is `urssaf`, and the codes of `flags` and `redressements`: each is of
    the class that its `Definition` says.
    """

    siren = models.CharField(max_length=9)
    probability_18m = models.FloatField(null=True)
    probability_low = models.FloatField(null=True)
    probability_high = models.FloatField(null=True)
    probability_3m = models.FloatField(null=True)
    probability_6m = models.FloatField(null=True)
    probability_12m = models.FloatField(null=True)
    niveau = models.TextField(null=True)
    niveau_precedent = models.TextField(null=True)
    probability_precedente = models.FloatField(null=True)
    is_first_alert = models.BooleanField(null=True)
    evolution = models.TextField(null=True)
    exclusion = models.TextField(null=True)
    flags = ArrayField(models.TextField(), null=True)
    niveau_avant_regles = models.TextField(null=True)
    redressements = ArrayField(models.TextField(), null=True)
    etat_procol = models.TextField(null=True)
    dette_urssaf_eur = models.FloatField(null=True)
    entreprise = models.ForeignObject(
        Entreprise,
        on_delete=models.DO_NOTHING,
        from_fields=["release", "siren"],
        to_fields=["release", "siren"],
        related_name="+",
    )

    class Meta:
        constraints = (_key("score", "siren"),)
        indexes = (
            models.Index(
                "release",
                models.F("probability_18m").desc(),
                "siren",
                name="score_alertes",
                condition=models.Q(niveau__in=ALERTES),
            ),
        )


class Explication(ReleaseRow):
    """A term of the explanation of a score, or of its change. Class `score`; its texts are of that in `data_class`."""

    siren = models.CharField(max_length=9)
    rang = models.IntegerField()
    nature = models.TextField(null=True)
    theme = models.TextField(null=True)
    feature = models.TextField(null=True)
    label = models.TextField(null=True)
    points = models.FloatField(null=True)
    told_by = models.TextField(null=True)
    value = models.FloatField(null=True)
    unit = models.TextField(null=True)
    sentence = models.TextField(null=True)
    comparison = models.TextField(null=True)
    selection = models.TextField(null=True)
    direction = models.TextField(null=True)
    data_class = models.TextField(null=True)

    class Meta:
        constraints = (_key("explication", "siren", "rang"),)


class Historique(ReleaseRow):
    """A company in a published list, and what that list said of its change. Class `score`."""

    siren = models.CharField(max_length=9)
    list = models.CharField(max_length=7)
    niveau = models.TextField(null=True)
    probability_18m = models.FloatField(null=True)
    threshold_eleve = models.FloatField(null=True)
    threshold_modere = models.FloatField(null=True)
    is_first_alert = models.BooleanField(null=True)
    evolution = models.TextField(null=True)

    class Meta:
        constraints = (_key("historique", "siren", "list"),)


class Serie(ReleaseRow):
    """A monthly series of a company or an establishment. Class in `data_class`."""

    id_serie = models.TextField(db_column="id_serie")
    kind = models.TextField()
    first_month = models.IntegerField()
    values = ArrayField(models.FloatField(null=True), null=True)
    data_class = models.TextField()

    class Meta:
        constraints = (_key("serie", "id_serie", "kind"),)


class Compte(ReleaseRow):
    """A published financial year of a company. Public."""

    siren = models.CharField(max_length=9)
    exercice = models.DateField()
    type_bilan = models.TextField(null=True)
    chiffre_d_affaires_eur = models.FloatField(null=True)
    marge_brute_eur = models.FloatField(null=True)
    ebe_eur = models.FloatField(null=True)
    ebit_eur = models.FloatField(null=True)
    resultat_net_eur = models.FloatField(null=True)
    marge_ebe_pct = models.FloatField(null=True)
    autonomie_financiere_pct = models.FloatField(null=True)
    taux_d_endettement_pct = models.FloatField(null=True)
    ratio_de_liquidite_pct = models.FloatField(null=True)
    credit_fournisseurs_days = models.FloatField(null=True)
    credit_clients_days = models.FloatField(null=True)

    class Meta:
        constraints = (_key("compte", "siren", "exercice"),)


class Procedure(ReleaseRow):
    """A change of state of a collective proceeding. Public."""

    siren = models.CharField(max_length=9)
    date = models.DateField()
    etat = models.TextField()
    label = models.TextField(null=True)
    source = models.TextField(null=True)

    class Meta:
        constraints = (_key("procedure", "siren", "date", "etat"),)


class Secteur(ReleaseRow):
    """Distribution of a ratio in a division of activity, for a year. Public."""

    division_naf = models.TextField()
    ratio = models.TextField()
    annee = models.IntegerField()
    q10 = models.FloatField(null=True)
    q25 = models.FloatField(null=True)
    q50 = models.FloatField(null=True)
    q75 = models.FloatField(null=True)
    q90 = models.FloatField(null=True)
    cohort_count = models.IntegerField(null=True)

    class Meta:
        constraints = (_key("secteur", "division_naf", "ratio", "annee"),)


class ImportRun(ReleaseRow):
    """A source in a batch: counts only. Public."""

    source = models.TextField()
    batch = models.TextField()
    rows_count = models.BigIntegerField(null=True)
    rejects_count = models.BigIntegerField(null=True)
    rejects_by_class = models.TextField(null=True)
    freshness_month = models.TextField(null=True)

    class Meta:
        constraints = (_key("import_run", "source", "batch"),)


class Definition(ReleaseRow):
    """A column of a table of the release, a feature or a code of a score, as the dictionary explains it. Public.

    Features are in the table `features`, codes in the tables `exclusion`, `flags` and `redressements`.
    """

    table = models.TextField()
    column = models.TextField()
    label = models.TextField(null=True)
    unit = models.TextField(null=True)
    data_class = models.TextField(null=True)
    explanation = models.TextField(null=True)
    source = models.TextField(null=True)

    class Meta:
        constraints = (_key("definition", "table", "column"),)


class Document(ReleaseRow):
    """A text of the folder `rapport/`: page in Markdown, or drawing in SVG. Public: figures of a model, no company."""

    name = models.TextField()
    content = models.TextField()

    class Meta:
        constraints = (_key("document", "name"),)


MODEL_OF_TABLE: dict[str, type[ReleaseRow]] = {
    "entreprises": Entreprise,
    "etablissements": Etablissement,
    "scores": Score,
    "explications": Explication,
    "historique": Historique,
    "series": Serie,
    "comptes": Compte,
    "procedures": Procedure,
    "secteurs": Secteur,
    "imports": ImportRun,
    "dictionnaire": Definition,
}
"""Model of each table of a release."""

RENAMED = {("series", "id"): "id_serie"}
"""Columns whose name the database already uses: Django's row identifier is `id`."""
