/** A small list to import, with what lists have: repeats, odd spellings, a row without a name. Nobody in it exists. */
const rows = `Company,Contact,Email,Phone,City,State,Trades
Larkspur Electric LLC,Maya Ortiz,maya@larkspurelectric.example,(512) 555-0171,Austin,TX,electrical
Harrow & Finch Heating,Tom Finch,tom@harrowfinch.example,(614) 555-0118,Columbus,OH,HVAC
Bluestem Generator Service,Ines Duarte,ines@bluestemgen.example,(913) 555-0124,Overland Park,KS,"generators, electrical"
Quarry Lane Plumbing Inc.,Abe Nguyen,abe@quarrylane.example,(404) 555-0139,Atlanta,GA,plumbing
LARKSPUR ELECTRIC,Maya Ortiz,maya@larkspurelectric.example,512-555-0171,Austin,Texas,electrical
Saltmarsh Solar Co-op,Petra Lind,petra@saltmarsh.example,(207) 555-0152,Portland,ME,solar
Tamarack Mechanical,Joel Brandt,joel@tamarackmech.example,(612) 555-0166,Minneapolis,MN,"HVAC, plumbing"
,Nobody Known,,(555) 555-0100,,,
Fernhill Roofing & Solar,Aisha Cole,aisha@fernhill.example,(503) 555-0187,Portland,OR,"roofing, solar"
Copper Kettle Boilers,Dan Osei,dan@copperkettle.example,(716) 555-0143,Buffalo,NY,HVAC
Windrow Power Systems,Lena Fox,lena@windrowpower.example,(402) 555-0109,Omaha,NE,generators
Pinyon Air Conditioning,Rosa Vega,rosa@pinyonair.example,(505) 555-0195,Santa Fe,NM,HVAC
Ashgrove Electric,Will Tan,will@ashgrove.example,(919) 555-0128,Raleigh,NC,electrical
`;

export const sampleList = (): File => new File([rows], 'sample-list.csv', { type: 'text/csv' });
