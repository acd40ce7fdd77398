import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import places

MAX_CORNERS = 500


class CreditboxArea(models.Model):
    """Where a crew works: municipalities, postcodes, or an outline on the map.

    Not the territories of Field Service: they have no company, know neither
    municipality nor outline, and everybody may delete them.
    """

    _name = "creditbox.area"
    _description = "Working Area"
    _order = "name"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    cities = fields.Char(
        string="Municipalities", help="Names, with commas between: Pontedera, Bientina"
    )
    zips = fields.Char(
        string="Postcodes", help="With commas between; 560 stands for all from 56000."
    )
    outline = fields.Text(
        help="Corners of the area drawn on the map: [[latitude, longitude], …]"
    )
    crew_ids = fields.Many2many(
        "fsm.person", "creditbox_crew_area", "area_id", "crew_id", string="Crews"
    )

    def _default_company_id(self):
        return self.env.company

    @api.constrains("outline")
    def _check_outline(self):
        for area in self.filtered("outline"):
            if area._corners() is None:
                raise ValidationError(
                    self.env._(
                        "Area «%(area)s», outline: write from 3 to %(most)s corners as "
                        "[[43.66, 10.63], [43.67, 10.65], …], or draw it on the map.",
                        area=area.name,
                        most=MAX_CORNERS,
                    )
                )

    def _corners(self):
        """:return: list of [latitude, longitude], None where it is not one"""
        try:
            corners = [
                [float(latitude), float(longitude)]
                for latitude, longitude in json.loads(self.outline)
            ]
        except (ValueError, TypeError):
            return None
        on_earth = all(abs(lat) <= 90 and abs(lon) <= 180 for lat, lon in corners)
        return corners if on_earth and 3 <= len(corners) <= MAX_CORNERS else None

    def _coverage(self):
        """Return what tells whether a place lies in the areas.

        :return: function (zip, city, latitude, longitude) → bool; no area: everywhere
        """
        if not self:
            return lambda *place: True
        cities = {places.town(city) for area in self for city in _parts(area.cities)}
        zips = tuple(code for area in self for code in _parts(area.zips))
        outlines = [area._corners() for area in self if area.outline]

        def covers(zip_code, city, latitude, longitude):
            return (
                places.town(city) in cities
                or bool(zips and (zip_code or "").strip().startswith(zips))
                or bool(latitude or longitude)
                and any(places.inside(line, latitude, longitude) for line in outlines)
            )

        return covers

    def action_draw(self):
        """:return: the map, on which the outline of the area is drawn"""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "creditbox_planning.map",
            "name": self.name,
            "params": {"area_id": self.id},
        }


def _parts(text):
    return [part.strip() for part in (text or "").split(",") if part.strip()]
