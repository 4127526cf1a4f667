"""What the demo installation is called; a real site sets its own by environment."""

SITE = {
    "name": "清禾区政务服务网",
    "region_name": "澜州市 清禾区",
    "region_code": "990104000000",
    "telephone": "12345",
    "organiser": "澜州市清禾区人民政府（演示）",
    "hall_address": "清禾区青澜街道大厅路1号",
    "hall_hours": "工作日 9:00–12:00，13:30–17:30",
    "name_en": "Qinghe District Government Services",
    "region_name_en": "Qinghe District",
    "organiser_en": "People’s Government of Qinghe District (demo)",
    "hall_address_en": "1 Dating Road, Qinglan Subdistrict, Qinghe District",
    "hall_hours_en": "working days 9:00–12:00 and 13:30–17:30",
}
